/*
 * What the client says in a login.
 */
#ifndef MAIL_SMTP_LOGIN_SAY_H
#define MAIL_SMTP_LOGIN_SAY_H

#include "mail/smtp/login_state.h"

/* Begin with the mechanism of the login. */
void login_say_auth(struct login *);

/* Answer a 334, or cancel the mechanism if it is not for what we have. */
void login_say_answer(struct login *, const struct reply *);

#endif
