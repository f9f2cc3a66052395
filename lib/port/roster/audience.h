/*
 * The checks that every recipient passes, wherever it comes from: opt-outs,
 * --except, address, duplicates, another mailing's ledger, --limit. Emitted
 * records are kept back until the last recipient is judged.
 */
#ifndef PORT_ROSTER_AUDIENCE_H
#define PORT_ROSTER_AUDIENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"
#include "base/str.h"
#include "mail/roster/course.h"
#include "port/db/db.h"
#include "port/roster/audience_verdict.h"

struct audience_params {
	const struct course *course;
	int addr_policy; /* see mail/mime/addr.h */
	bool include_opted_out;
	const struct map *suppressed; /* keys */
	bool include_suppressed;
	long long limit;    /* 0: no limit */
	struct str ledger;  /* a mailing, or absent */
	const char *states; /* accepted in it, as "sent,bounced,none" */
	struct bounce_register *bounces; /* for two of them */
};

/* One recipient before the checks. */
struct audience_candidate {
	enum audience_verdict verdict; /* EMITTED, or the source's refusal */
	struct str email, user_id;
	struct str key;  /* as stored; absent if not from the roster */
	int flags;       /* see selection_flags.h; 0 if key is absent */
	struct str line; /* the record without its closing brace */
};

struct audience;

/* Borrows the database and the pointers in params. SYSTEM; call
 * audience_close() after a failure too. */
int audience_open(struct audience **, struct db *,
    const struct audience_params *, struct fail *);
void audience_close(struct audience *);

/*
 * Judge a candidate: *verdict, and for AUDIENCE_INVALID the reason in *why.
 * -1 if the database or the temporary file fails.
 */
int audience_offer(struct audience *, const struct audience_candidate *,
    enum audience_verdict *verdict, struct fail *why);

/* Candidates with this verdict so far. */
long long audience_count(const struct audience *, enum audience_verdict);

/* After the last candidate: the records in pieces, as spill_next(). */
int audience_next(struct audience *, struct str *piece, struct fail *);

#endif
