/*
 * A whole mailing, compiled once, and one message for each record of it
 * (RFC 5322, 2045-2049, 2369, 3834, 8058).
 */
#ifndef MAIL_MESSAGE_COMPOSE_H
#define MAIL_MESSAGE_COMPOSE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/fail.h"
#include "mail/message/compose_params.h"
#include "mail/message/composed.h"
#include "mail/record/recipient.h"

struct compose;

/* SYSTEM with the setting, or with file, line and column. */
int compose_new(
    struct compose **, const struct compose_params *, struct fail *);
void compose_free(struct compose *);

/*
 * Make the message of a record; now is ms since 1970, for Date. The strings of
 * the result live until the next call or in the arena. DATA when the record
 * cannot be used.
 */
int compose_record(struct compose *, const struct recipient *, int64_t now,
    struct arena *, struct composed *, struct fail *);

#endif
