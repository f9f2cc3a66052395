/* What became of a mailing, in numbers. Its strings live in an arena. */
#ifndef MAIL_REPORT_REPORT_H
#define MAIL_REPORT_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "mail/report/report_group.h"
#include "mail/report/report_latency.h"

struct report_class {
	enum report_state state;
	struct str class; /* may be absent */
	long long count;
};

struct report_refusal {
	enum report_state state;
	struct str class, enhanced;
	int code;         /* 0: absent */
	struct str reply; /* of one of these recipients */
	long long count;
};

struct report {
	struct str id, course_id, subject, content, state;
	bool is_stopped; /* the state is not open: held, cancelled, pruned */
	bool is_pruned, uncertain; /* forgotten; older than what has happened */
	int64_t created, approved_at; /* ms since 1970 */
	struct str approved_by;       /* absent: nobody */
	long long planned;            /* -1: not known */
	long long unplanned; /* recipients outside the plan; -1: not known */
	struct report_group all;
	int64_t first, last; /* outcomes, ms since 1970; 0: no outcome yet */
	int64_t next_first, next_last; /* next tries; 0: none, or brief */

	struct report_class *classes;
	size_t class_count;
	struct report_groups domains, relays, attempts;
	struct report_refusal *refusals;
	size_t refusal_count;
	struct report_series series;
	struct report_latency latency;
	long long reopened; /* deferred again: their failure concerned us */
	long long optouts;  /* people who opted out since the mailing began */
	long long bounced, complained; /* of those sent */
};

/*
 * Planned recipients without a row in the ledger; 0 if planned is not known.
 * A lower bound unless unplanned is known.
 */
long long report_missing(const struct report *);

/* The exit status (bm.7): 75 if a recipient may still be mailed, 1 if a
 * recipient was not, else 0. */
int report_status(const struct report *);

#endif
