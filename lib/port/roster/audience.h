/*
 * The checks that every recipient passes, wherever it comes from: opt-outs,
 * --except, address, duplicates, another mailing's ledger, --limit. Records
 * are held back until all are known.
 */
#ifndef PORT_ROSTER_AUDIENCE_H
#define PORT_ROSTER_AUDIENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"
#include "base/str.h"
#include "port/db/db.h"
#include "port/roster/roster.h"

enum audience_verdict {
	AUDIENCE_EMITTED,
	AUDIENCE_INACTIVE,
	AUDIENCE_LAST_LOGIN,
	AUDIENCE_EXCLUDED,
	AUDIENCE_OPTED_OUT,
	AUDIENCE_INVALID,
	AUDIENCE_DUPLICATE,
	AUDIENCE_LEDGER,
	AUDIENCE_OVER_LIMIT,
	AUDIENCE_VERDICTS,
};

/* As in the counts: "emitted", "inactive" ... */
const char *audience_verdict_name(enum audience_verdict);

struct audience_params {
	const struct course *course;
	int addr_policy; /* see mail/addr.h */
	bool include_opted_out;
	long long limit;   /* 0: none */
	struct str ledger; /* a mailing, or absent */
	const char
	    *states; /* "sent,deferred,none": whose row is one of these */
};

/* One person before the checks. */
struct audience_candidate {
	enum audience_verdict
	    verdict; /* EMITTED unless the source knows better */
	struct str email, user_id;
	struct str key;  /* as stored; absent: not from the roster */
	int marks;       /* see port/marks.h; unless key is absent */
	struct str line; /* the record, but for the closing brace */
};

struct audience;

/* The database and what params points to stay the caller's. SYSTEM. */
int audience_new(struct audience **, struct db *,
    const struct audience_params *, struct fail *);
void audience_free(struct audience *);

/*
 * Judge one. *verdict tells; for AUDIENCE_INVALID *why has the reason. -1 only
 * when the work cannot go on.
 */
int audience_offer(struct audience *, const struct audience_candidate *,
    enum audience_verdict *verdict, struct fail *why);

/* How many had the verdict so far; the sum of all is "selected". */
long long audience_count(const struct audience *, enum audience_verdict);

/* After the last one: the records piece by piece, as spill_next(). */
int audience_next(struct audience *, struct str *piece, struct fail *);

#endif
