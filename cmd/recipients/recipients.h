/*
 * What the parts of bm-recipients share, in the order of their work:
 * recipients_check, recipients_select, recipients_show. Each returns -1 with a
 * failure for the caller to report.
 */
#ifndef CMD_RECIPIENTS_RECIPIENTS_H
#define CMD_RECIPIENTS_RECIPIENTS_H

#include "base/filter.h"
#include "base/map.h"
#include "base/options.h"
#include "base/range.h"
#include "mail/roster/course.h"
#include "mail/roster/target.h"
#include "port/roster/audience.h"
#include "port/store/store.h"

#define PROGRAM "bm-recipients"

/* The command line. */
struct recipients_args {
	const char *db_path, *course_id, *as, *ledger, *query, *query_db;
	const char *read, *expect, *rejects;
	struct option_list to, except;
	int64_t within, before; /* ms; -1: any login */
	int64_t timeout;        /* ms */
	long long limit;        /* 0: no limit */
	bool never, include_opted_out, include_suppressed, count, verbose;
};

/* The command line parsed, and what is open while the program works. */
struct recipients {
	const struct recipients_args *args;
	struct filter *filter;
	struct arena *arena;
	struct target *targets, *except;
	size_t target_count, except_count;
	struct range expected;
	struct str ledger_id; /* a mailing, or absent */
	const char *states;   /* "sent,none ..."; NULL without ledger_id */
	struct db *db;
	struct store *store; /* beside the roster in db */
	struct course course;
	struct audience *audience;
	struct map *suppressed; /* keys; NULL: nobody is left out */
	long long *emitted;     /* for each target */
};

#endif
