/*
 * How far a refusal reaches: what is left alone until it is mended, or until a
 * time has come. A narrower scope leaves the rest of a run going on.
 */
#ifndef MAIL_SMTP_STOP_SCOPE_H
#define MAIL_SMTP_STOP_SCOPE_H

#include <stdbool.h>

#include "base/str.h"

enum stop_scope {
	STOP_SCOPE_RECIPIENT, /* its outcome says it: no stop is kept */
	STOP_SCOPE_DOMAIN,    /* of recipients */
	STOP_SCOPE_MAILING,   /* its content or size */
	STOP_SCOPE_SENDER,    /* the envelope sender */
	STOP_SCOPE_ACCOUNT,   /* the login, at one relay */
	STOP_SCOPE_RELAY,     /* all accounts at one relay */
};

/* "recipient", "domain" ... and back; -1 for any other text. */
const char *stop_scope_name(enum stop_scope);
int stop_scope_parse(struct str);

/* The scope ends a whole run: nothing else could be sent. */
bool stop_scope_is_whole(enum stop_scope);

#endif
