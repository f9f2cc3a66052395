/*
 * Inside of compose: the work that is done once for a mailing.
 */
#ifndef MAIL_MESSAGE_COMPOSE_SETUP_H
#define MAIL_MESSAGE_COMPOSE_SETUP_H

#include "base/fail.h"
#include "mail/message/compose_state.h"

/*
 * Compile and check everything that params name. SYSTEM; what has been made
 * until then stays in the compose.
 */
int compose_setup(struct compose *, struct fail *);

#endif
