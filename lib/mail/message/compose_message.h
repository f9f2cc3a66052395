/*
 * Inside of compose: the message around the bodies of a record.
 */
#ifndef MAIL_MESSAGE_COMPOSE_MESSAGE_H
#define MAIL_MESSAGE_COMPOSE_MESSAGE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/fail.h"
#include "mail/message/compose_state.h"
#include "mail/message/composed.h"
#include "mail/message/fields.h"
#include "mail/mime/addr.h"
#include "mail/record/recipient.h"

/*
 * Make the message out of the bodies, the subject and the links, which are in
 * the compose already. now: ms since 1970. DATA.
 */
int compose_message(struct compose *, const struct recipient *,
    const struct addr *to, const struct fields *, int64_t now, struct arena *,
    struct composed *, struct fail *);

#endif
