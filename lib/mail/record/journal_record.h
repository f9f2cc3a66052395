/*
 * The lines of a journal (bm-ledger.7): what a running process is about to do
 * and what came of it. One JSON object a line.
 */
#ifndef MAIL_RECORD_JOURNAL_RECORD_H
#define MAIL_RECORD_JOURNAL_RECORD_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"
#include "mail/record/outcome.h"

enum journal_record_kind {
	JOURNAL_INTENT,  /* from now on the message may have been delivered */
	JOURNAL_OUTCOME, /* what came of it */
	JOURNAL_RELEASE, /* not delivered, and as if never begun */
};

struct journal_record {
	enum journal_record_kind kind;
	struct str email_id, key;
	int64_t at;
	long long attempt;
	struct outcome outcome; /* JOURNAL_OUTCOME: status ... next_try */
};

/* Append the line with its newline. */
void journal_record_put(struct buf *, const struct journal_record *);

/* Copy all strings it borrows into the arena. */
void journal_record_keep(struct journal_record *, struct arena *);

/* One line without its newline; strings live in the arena or the line. */
int journal_record_parse(
    struct journal_record *, struct str line, struct arena *, struct fail *);

#endif
