/*
 * What became of a mailing, as numbers, and how they are shown.
 */
#ifndef MAIL_REPORT_REPORT_H
#define MAIL_REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum report_state {
	REPORT_SENT,
	REPORT_FAILED,
	REPORT_DEFERRED,
	REPORT_IN_DOUBT,
	REPORT_SKIPPED,
	REPORT_CLAIMED, /* in the hands of a running process */
	REPORT_STATES,
};

/* A recipient of a mailing, as the ledger has it. */
struct report_row {
	struct str email_id, key, email;
	struct str user_id, class, stage, enhanced, reply, queue_id, relay;
	enum report_state state;
	int code; /* 0: none */
	long long attempt, ms;
	int64_t at, next_try; /* ms since 1970; 0: none */
	long long count;      /* 1, or more that are alike in a brief look */
};

struct report_class {
	enum report_state state;
	struct str class; /* may be absent */
	long long count;
};

/* Recipients that have something in common, by state. */
struct report_group {
	struct str name; /* may be absent */
	long long by[REPORT_STATES];
	long long total;
};

struct report_groups {
	struct report_group *items; /* the largest first */
	size_t count;
};

struct report_refusal {
	enum report_state state;
	struct str class, enhanced;
	int code;         /* 0: none */
	struct str reply; /* one of them */
	long long count;
};

struct report_series {
	int64_t start;              /* ms since 1970, of the first interval */
	int64_t width;              /* ms of an interval */
	struct report_group *items; /* one for each, without gaps */
	size_t count;
};

#define REPORT_WAITS 12 /* intervals of a histogram */

/* Milliseconds that messages took that were sent. */
struct report_latency {
	long long count, mean, p50, p90, p99, max;
	long long waits[REPORT_WAITS]; /* by report_wait_limit() */
};

/* The upper bound of an interval in ms, itself outside; -1: there is none. */
long long report_wait_limit(size_t interval);

struct report {
	struct str id, course_id, subject, content, state;
	int64_t created;     /* ms since 1970 */
	long long planned;   /* -1: nobody said */
	long long unplanned; /* not of the plan, in all; -1: not known */
	struct report_group all;
	int64_t first, last; /* outcomes, ms since 1970; 0: none yet */

	struct report_class *classes;
	size_t class_count;
	struct report_groups domains, relays, attempts;
	struct report_refusal *refusals;
	size_t refusal_count;
	struct report_series series;
	struct report_latency latency;
	long long optouts; /* people who said no since it was created */
};

/* "sent", "failed" ...; -1 when it is none. */
const char *report_state_name(enum report_state);
int report_state_parse(struct str);

/* Add to a group. */
void report_add(struct report_group *, enum report_state, long long n);

/*
 * Recipients of the plan that are in no state; 0 when nobody planned. The
 * least there can be unless unplanned is known.
 */
long long report_missing(const struct report *);

/*
 * The mailing's exit status (bm.7): 75 when somebody may still be served, 1
 * when somebody will not be, else 0.
 */
int report_status(const struct report *);

/* One object (bm-report.1) and its newline; brief: mailing and counts. */
void report_json(struct buf *, const struct report *);
void report_json_brief(struct buf *, const struct report *);

#endif
