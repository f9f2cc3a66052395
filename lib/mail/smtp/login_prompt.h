/*
 * The words of a server in a login: what its 334 asks for, why it refuses a
 * token, and which mechanisms it offers in vain.
 */
#ifndef MAIL_SMTP_LOGIN_PROMPT_H
#define MAIL_SMTP_LOGIN_PROMPT_H

#include <stdbool.h>

#include "base/buf.h"

enum login_prompt {
	LOGIN_PROMPT_OTHER,
	LOGIN_PROMPT_USER,
	LOGIN_PROMPT_PASSWORD,
};

/* The text of a 334: base64 as it should be, perhaps with a tail, or plain. */
enum login_prompt login_prompt_kind(struct str text);

/* Append the decoded first word; nothing if it is not base64. */
void login_prompt_decode(struct str text, struct buf *);

/* Append the reason in a 334: decoded, or as it is. */
void login_prompt_reason(struct str text, struct buf *);

/*
 * Why no mechanism fits: auth as in ehlo.h, which names none that may be used
 * with a token, or with a password. Every name in it stands in the text.
 */
void login_prompt_misfit(
    char *text, size_t size, const char *auth, bool has_token);

#endif
