/*
 * The text of a journal (bm-ledger.7): which of its lines are whole, and
 * whether what is missing was cut off by a crash or is damage.
 *
 * A line that cannot be read is damage if it stands below an offset that the
 * file was known to be good up to: a whole line names such an offset, or the
 * ledger does. Behind the greatest such offset it was being written.
 */
#ifndef MAIL_RECORD_JOURNAL_TEXT_H
#define MAIL_RECORD_JOURNAL_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "mail/record/journal_line.h"

/* How far the ledger has read a journal. Generation 0: it has read nothing. */
struct journal_known {
	int64_t generation, size;
};

struct journal_text {
	/* The whole lines by offset, without the header; borrowed text. */
	struct journal_line *lines;
	size_t count;
	bool unframed; /* written by a bm of schema 2: no frames, no header */
	int64_t
	    generation; /* counts the times that the file was begun afresh */
	int64_t size;   /* the end of the last whole line */

	/* Facts below this offset may be followed by facts that are lost. */
	bool damaged;
	int64_t doubt_end;
	int64_t damage_at; /* the first byte that is not as it should be */
};

/* Append the header line of a journal's generation. */
void journal_text_header(struct buf *, struct str owner, int64_t generation);

/*
 * Reads the content, with the zeros of reserved space. An empty content is
 * damaged only if the ledger knows the journal. The lines are in the arena.
 */
void journal_text_read(struct journal_text *, struct str owner,
    struct str content, struct journal_known, struct arena *);

#endif
