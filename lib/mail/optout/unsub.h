/*
 * Unsubscribe mail: a message that a person's mail program wrote from the
 * mailto link of List-Unsubscribe (RFC 2369), or that is none.
 */
#ifndef MAIL_OPTOUT_UNSUB_H
#define MAIL_OPTOUT_UNSUB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

#define UNSUB_MAX 64 /* candidates that are kept */

struct unsub {
	/* A delivery report or an automatic reply (RFC 3834): no wish. */
	bool automatic;
	/* What may be a token: from the Subject and the addresses. */
	struct str words[UNSUB_MAX];
	size_t count;
};

/* Only the header is looked at; LF or CRLF, an mbox line before it or not. */
void unsub_read(struct unsub *, struct str message, struct arena *);

#endif
