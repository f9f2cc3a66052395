/*
 * What the parts of bm-report share: the open ledgers, the plan and the report.
 * Their functions return -1 with a failure for the caller to report; FAIL_NONE
 * means that filter.c has reported it already.
 */
#ifndef CMD_REPORT_VIEW_H
#define CMD_REPORT_VIEW_H

#include "base/buf.h"
#include "base/filter.h"
#include "base/options.h"
#include "mail/record/plan.h"
#include "mail/report/report.h"
#include "port/ledger/ledger_read.h"
#include "report/view_args.h"

struct view {
	const struct view_args *args;
	const char *const *paths; /* ledgers */
	size_t path_count;
	struct ledger_read ledgers;
	struct filter *out;
	struct arena *report_arena; /* reset for each report */
	struct arena *run_arena;
	struct buf plan_text;
	struct plan *plan;   /* NULL without --plan */
	struct buf keys;     /* the plan's recipient keys */
	bool has_keys;       /* the plan has a file of keys */
	long long unplanned; /* as last counted; -1: not counted yet */
	struct str id;       /* absent: all mailings */
	struct report report;
};

/* Check the options, read the plan, open the ledgers: the operands, or BM_DB.
 * The caller has set args, out and the arenas, and calls view_close() after a
 * failure too. */
int view_open(struct view *, const struct options *, struct fail *);
void view_close(struct view *);

/* Fold the journals of crashed senders; what cannot be folded stays. */
void view_recover(const struct view *);

/* Leave those of bm-send --redirect out of a list; the new count. */
size_t view_drop_tests(struct report *list, size_t count);

/* Read the mailing's report. An unknown id is DATA (TEMP with --status), or, if
 * a plan or total tells of it, a report in which nobody is started. */
int view_load(struct view *, bool brief, struct fail *);

/* DATA if --id names no mailing of the ledgers. */
int view_check_id(struct view *, struct fail *);

/* Put the plan's numbers into the report. With lazy the keys are compared only
 * if the mailing is complete by its counts. Fails as ledger_read_cover(). */
int view_plan(struct view *, bool lazy, struct fail *);

/* Write the buffer to stdout and free it. */
int view_write(struct view *, struct buf *);

#endif
