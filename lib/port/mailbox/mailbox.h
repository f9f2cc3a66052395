/*
 * Messages in a file, a mailbox file (RFC 4155) or a Maildir, piece by piece.
 */
#ifndef PORT_MAILBOX_MAILBOX_H
#define PORT_MAILBOX_MAILBOX_H

#include <stdbool.h>

#include "base/fail.h"
#include "base/str.h"

/* What takes the messages. */
struct mailbox_reader {
	/* A piece of the message that is read. */
	void (*add)(void *ctx, struct str bytes);
	/*
	 * The message is complete; place names it. -1 ends the reading. 1: it
	 * needs a person's eye; a Maildir flags it.
	 */
	int (*end)(void *ctx, const char *place, struct fail *);
	void *ctx;
};

/* One message, or with mbox as many as "From " lines begin. "-" is stdin. */
int mailbox_read_file(
    const char *path, bool mbox, const struct mailbox_reader *, struct fail *);

/*
 * The messages in DIR/new, each moved to DIR/cur as seen when end() has
 * returned: what ends before is there again the next time. SYSTEM.
 */
int mailbox_read_maildir(
    const char *dir, const struct mailbox_reader *, struct fail *);

/*
 * Store standard input as a message of a Maildir, which is made if it is
 * missing; it is durable on return. SYSTEM.
 */
int mailbox_store(const char *dir, struct fail *);

#endif
