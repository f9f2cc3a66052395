#include "report/view_prune.h"

#include <time.h>

#include "base/program.h"
#include "base/progress.h"
#include "mail/report/report_json.h"
#include "port/ledger/ledger_prune.h"
#include "port/open/store_open_file.h"
#include "report/view_bounces.h"

#define WAIT_MS 60000 /* longest wait for a lock */

struct pruning {
	struct view *view;
	struct store *store;
	struct progress progress;
	struct ledger_read ledger; /* this one alone, to tell its own numbers */
};

/* The report is printed first, since it cannot be made afterwards. */
static int
prune_one(void *ctx, struct str id, struct fail *f)
{
	struct pruning *p = ctx;
	struct view *v = p->view;
	struct buf b = {0};

	if (ledger_read_report(
		&p->ledger, id, false, &v->report, v->report_arena, f) < 0 ||
	    view_bounces_count(&p->ledger, &v->report, f) < 0)
		return -1;
	report_json(&b, &v->report);
	progress_hide(&p->progress);
	*f = (struct fail){0}; /* filter.c reports its failure */
	if (filter_write_now(v->out, buf_str(&b)) < 0) {
		buf_free(&b);
		return -1;
	}
	buf_free(&b);
	if (ledger_prune_mailing(p->store, id, f) < 0)
		return -1;
	progress_add(&p->progress, v->report.all.total);
	return 0;
}

static int
prune_ledger(
    struct pruning *p, const char *path, int64_t before, struct fail *f)
{
	struct waiting wait = waiting_told(WAIT_MS, program_tell, PROGRAM);
	int result;

	wait.progress = &p->progress;
	if (store_open_file(&p->store, path, STORE_WRITE, wait, f) < 0)
		return -1;
	result = ledger_prune_each(p->store, before, prune_one, p, f);
	store_close(p->store);
	return result;
}

int
view_prune(struct view *v, struct fail *f)
{
	int64_t before = (int64_t)time(NULL) * 1000 - v->args->prune;
	struct pruning p = {.view = v};
	int result = 0;

	progress_init(&p.progress, PROGRAM, &v->args->progress, false);
	progress_begin(&p.progress, "recipients forgotten", 0, -1);
	filter_set_progress(v->out, &p.progress);
	for (size_t i = 0; i < v->path_count && result == 0; i++) {
		p.ledger = (struct ledger_read){
		    .stores = {v->ledgers.stores[i]}, .count = 1};
		result = prune_ledger(&p, v->paths[i], before, f);
	}
	progress_end(&p.progress);
	filter_set_progress(v->out, NULL);
	return result;
}
