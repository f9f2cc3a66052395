/*
 * The lines of a journal (bm-ledger.7): what a running process is about to do
 * and what came of it. One JSON object a line.
 */
#ifndef MAIL_FACT_H
#define MAIL_FACT_H

#include <stdint.h>

#include "base/buf.h"
#include "base/fail.h"
#include "base/mem.h"
#include "mail/record/record.h"

enum fact_kind {
	FACT_INTENT,  /* from now on the message may have been delivered */
	FACT_OUTCOME, /* what came of it */
	FACT_RELEASE, /* not delivered, and as if never begun */
};

struct fact {
	enum fact_kind kind;
	struct str email_id, key;
	int64_t at;
	long long attempt;
	struct outcome outcome; /* FACT_OUTCOME: status ... next_try */
};

/* Append the line with its newline. */
void fact_put(struct buf *, const struct fact *);

/* Copy all strings it borrows into the arena. */
void fact_keep(struct fact *, struct arena *);

/* One line without its newline; strings live in the arena or the line. */
int fact_parse(struct fact *, struct str line, struct arena *, struct fail *);

#endif
