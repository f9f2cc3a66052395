/*
 * The parts of bm-recipients, in the order of the work: check what is asked,
 * select, show. Each gives -1 with a failure for the caller to report.
 */
#ifndef CMD_RECIPIENTS_RECIPIENTS_H
#define CMD_RECIPIENTS_RECIPIENTS_H

#include "base/filter.h"
#include "base/options.h"
#include "base/range.h"
#include "mail/roster/course.h"
#include "mail/roster/target.h"
#include "port/db/db.h"
#include "port/roster/audience.h"

#define PROGRAM "bm-recipients"

/* The command line as it stands. */
struct args {
	const char *db_path, *course_id, *as, *ledger, *query, *query_db;
	const char *read, *expect, *rejects;
	struct option_list to, except;
	int64_t within;  /* ms; -1: no matter when */
	int64_t timeout; /* ms */
	long long limit; /* 0: none */
	bool include_opted_out, count, verbose;
};

/* What it means, and what is open while the program works. */
struct recipients {
	const struct args *args;
	struct filter *filter;
	struct arena *arena;
	struct target *targets, *except;
	size_t target_count, except_count;
	struct range expected;
	struct str ledger_id; /* a mailing, or absent */
	const char *states;
	struct db *db;
	struct course course;
	struct audience *audience;
	long long *emitted; /* by target */
};

int recipients_check(struct recipients *, struct fail *);

/* Open the database and let the audience judge everybody. */
int recipients_select(
    struct recipients *, const struct settings *, struct fail *);

/* Counts and records. DATA when there is nobody to mail. */
int recipients_show(struct recipients *, struct fail *);

#endif
