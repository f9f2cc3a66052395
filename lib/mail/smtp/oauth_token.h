/*
 * An OAuth 2.0 access token as a token command prints it: the token itself, or
 * the answer of a token endpoint in JSON (RFC 6749, 5.1).
 */
#ifndef MAIL_SMTP_OAUTH_TOKEN_H
#define MAIL_SMTP_OAUTH_TOKEN_H

#include <stdint.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/str.h"

struct oauth_token {
	struct str text;
	int64_t expires; /* ms since 1970; 0: the token does not say */
};

/*
 * Parse a command's output at the time now. The end comes from "expires_in" of
 * the JSON or from "exp" of a JWT (RFC 7519). The text is borrowed from the
 * input or in the arena. DATA; the failure's text never has the token.
 */
int oauth_token_parse(struct oauth_token *, struct str in, int64_t now,
    struct arena *, struct fail *);

#endif
