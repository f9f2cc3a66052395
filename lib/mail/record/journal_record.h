/*
 * The lines of a journal (bm-ledger.7), JSON objects: a running process writes
 * its intent to send a message, and the outcome.
 */
#ifndef MAIL_RECORD_JOURNAL_RECORD_H
#define MAIL_RECORD_JOURNAL_RECORD_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"
#include "mail/record/outcome.h"

enum journal_record_kind {
	JOURNAL_INTENT,  /* the message may be delivered from now on */
	JOURNAL_OUTCOME, /* sent, failed ... */
	JOURNAL_RELEASE, /* not delivered: cancels the intent */
};

struct journal_record {
	enum journal_record_kind kind;
	struct str email_id, key;
	struct str course_id, content, subject; /* absent but in the first
					record of a mailing */
	int64_t at;
	long long attempt;
	struct outcome
	    outcome; /* JOURNAL_OUTCOME: status to relay, ms, next_try, print */
};

/* Append the record with its newline; journal_line.h frames it. */
void journal_record_put(struct buf *, const struct journal_record *);

/* Copy all borrowed strings into the arena. */
void journal_record_keep(struct journal_record *, struct arena *);

/*
 * Parse one line without its newline; strings are in the arena or the line.
 * DATA.
 */
int journal_record_parse(
    struct journal_record *, struct str line, struct arena *, struct fail *);

#endif
