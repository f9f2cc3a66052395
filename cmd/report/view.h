/*
 * The parts of bm-report. Each gives -1 with a failure to be reported by the
 * caller, whose kind is FAIL_NONE when filter.c has done so already.
 */
#ifndef CMD_REPORT_VIEW_H
#define CMD_REPORT_VIEW_H

#include "base/buf.h"
#include "base/filter.h"
#include "mail/record/plan.h"
#include "mail/report/report.h"
#include "mail/report/report_text.h"
#include "port/ledger/ledger_read.h"

#define PROGRAM "bm-report"

struct args {
	const char *id, *db, *state, *plan, *html;
	long long total; /* -1: nobody said */
	int64_t prune;   /* ms; -1: no */
	bool status, json, records, csv, follow, verify;
};

/* What is open while the program works. */
struct view {
	const struct args *args;
	const char *const *paths; /* ledgers */
	size_t path_count;
	struct ledger_read *stats;
	struct filter *out;
	struct arena *arena; /* of the report */
	struct arena *run;   /* of the plan */
	struct buf plan_text;
	struct plan *plan;   /* NULL: none was given */
	struct buf keys;     /* of its recipients */
	bool has_keys;       /* there was a file of them */
	long long unplanned; /* as last counted; -1: never */
	struct str id;       /* absent: all mailings */
	struct report report;
};

/* Fold what dead processes have left, where we may. */
void view_recover(const struct view *);

/* The mailing's report; DATA (TEMP with --status) when there is none. */
int view_load(struct view *, bool brief, struct fail *);

/*
 * Put the plan's numbers into the report. With lazy the people are compared
 * only when it would be complete by their number. Members as
 * ledger_read_cover().
 */
int view_plan(struct view *, bool lazy, struct fail *);

/* How the terminal wants it. */
struct report_style view_style(void);

/* Write and free the buffer. */
int view_write(struct view *, struct buf *);

int view_list(struct view *, struct fail *);
int view_mailing(struct view *, struct fail *);
int view_follow(struct view *, struct fail *);
int view_verify(struct view *, struct fail *);
int view_prune(struct view *, struct fail *);

#endif
