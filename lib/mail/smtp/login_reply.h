/*
 * The reply that a login ends with, as people see it.
 */
#ifndef MAIL_SMTP_LOGIN_REPLY_H
#define MAIL_SMTP_LOGIN_REPLY_H

#include "mail/smtp/login_state.h"

/* Add the provider's reason for the refusal of a token, in parentheses. */
void login_reply_explain(const struct login *, struct reply *);

/* Mask password and token in every form in which a command had them. */
void login_reply_mask(const struct login *, struct reply *);

#endif
