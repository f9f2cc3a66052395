#include "report/view_prune.h"

#include <time.h>

#include "base/program.h"
#include "mail/report/report_json.h"
#include "port/ledger/ledger_prune.h"
#include "port/open/store_open_file.h"
#include "report/view_bounces.h"

#define WAIT_MS 60000 /* longest wait for a lock */

struct pruning {
	struct view *view;
	struct store *store;
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
	*f = (struct fail){0}; /* filter.c reports its failure */
	if (filter_write_now(v->out, buf_str(&b)) < 0) {
		buf_free(&b);
		return -1;
	}
	buf_free(&b);
	return ledger_prune_mailing(p->store, id, f);
}

int
view_prune(struct view *v, struct fail *f)
{
	int64_t before = (int64_t)time(NULL) * 1000 - v->args->prune;

	for (size_t i = 0; i < v->path_count; i++) {
		struct pruning p = {
		    .view = v,
		    .ledger = {.stores = {v->ledgers.stores[i]}, .count = 1},
		};
		int result;

		if (store_open_file(&p.store, v->paths[i], STORE_WRITE,
			waiting_told(WAIT_MS, program_tell, PROGRAM), f) < 0)
			return -1;
		result = ledger_prune_each(p.store, before, prune_one, &p, f);
		store_close(p.store);
		if (result < 0)
			return -1;
	}
	return 0;
}
