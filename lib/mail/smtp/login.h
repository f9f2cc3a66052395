/*
 * The login (AUTH, RFC 4954) as a pure state machine: the server's bytes in,
 * bytes to send out. A mechanism that is refused or broken is followed by the
 * next one, until a second 535. The password or token never answers a prompt
 * for something else; replies that repeat it are masked with asterisks.
 */
#ifndef MAIL_SMTP_LOGIN_H
#define MAIL_SMTP_LOGIN_H

#include "mail/smtp/login_state.h"

/*
 * Begin to log in; all pointers are borrowed until login_free(). auth: the
 * mechanisms that the server offers (ehlo.h).
 */
void login_begin(struct login *, const struct login_account *,
    const struct login_order *, struct login_memory *, const char *auth,
    bool renewable);

/* Bytes to send now, perhaps none; then report that n were sent. */
struct str login_output(const struct login *);
void login_sent(struct login *, size_t n);
void login_input(struct login *, struct str);

/* Wipe what is secret and free all memory. */
void login_free(struct login *);

#endif
