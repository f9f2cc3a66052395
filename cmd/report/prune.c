#include <time.h>

#include "base/buf.h"
#include "port/db/db.h"
#include "port/ledger/prune.h"
#include "report/view.h"

#define WAIT_MS 60000

struct pruning {
	struct view *view;
	struct db *db;
};

/* The numbers are printed before the people are forgotten. */
static int
forget(void *ctx, struct str id, struct fail *f)
{
	struct pruning *p = ctx;
	struct view *v = p->view;
	struct buf b = {0};

	if (ledger_read_report(v->stats, id, false, &v->report, v->arena, f) ==
	    -1)
		return -1;
	report_json(&b, &v->report);
	*f = (struct fail){0}; /* filter.c reports */
	if (filter_write_now(v->out, buf_str(&b)) == -1) {
		buf_free(&b);
		return -1;
	}
	buf_free(&b);
	return prune_mailing(p->db, id, f);
}

int
view_prune(struct view *v, struct fail *f)
{
	int64_t before = (int64_t)time(NULL) * 1000 - v->args->prune;

	for (size_t i = 0; i < v->path_count; i++) {
		struct pruning p = {.view = v};
		int result;

		if (db_open(&p.db, v->paths[i], DB_WRITE, WAIT_MS, f) == -1)
			return -1;
		result = prune_each(p.db, before, forget, &p, f);
		db_close(p.db);
		if (result == -1)
			return -1;
	}
	return 0;
}
