/*
 * Parses mail sent to the List-Unsubscribe address (RFC 2369): finds candidate
 * tokens, and tells bounces and automatic replies apart.
 */
#ifndef MAIL_OPTOUT_UNSUB_H
#define MAIL_OPTOUT_UNSUB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

#define UNSUB_MAX 64 /* candidates; further ones are ignored */

struct unsub {
	/* A delivery report or an automatic reply (RFC 3834), not a request. */
	bool automatic;
	/* Candidate tokens from the Subject and the addresses. */
	struct str words[UNSUB_MAX];
	size_t count;
};

/*
 * Read the header of a message with LF, CRLF or CR line ends, and with or
 * without an mbox "From " line. Of a field the first HEADER_READER_FIELD bytes
 * count. Strings are in the arena.
 */
void unsub_read(struct unsub *, struct str message, struct arena *);

#endif
