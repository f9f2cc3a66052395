#include "report/view_prune.h"

#include <time.h>

#include "base/program.h"
#include "mail/report/report_json.h"
#include "port/db/db.h"
#include "port/db/db_open.h"
#include "port/ledger/prune.h"

#define WAIT_MS 60000 /* longest wait for a lock */

struct pruning {
	struct view *view;
	struct db *db;
};

/* The report is printed first, since it cannot be made afterwards. */
static int
prune_one(void *ctx, struct str id, struct fail *f)
{
	struct pruning *p = ctx;
	struct view *v = p->view;
	struct buf b = {0};

	if (ledger_read_report(
		v->ledgers, id, false, &v->report, v->report_arena, f) < 0)
		return -1;
	report_json(&b, &v->report);
	*f = (struct fail){0}; /* filter.c reports its failure */
	if (filter_write_now(v->out, buf_str(&b)) < 0) {
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

		if (db_open(&p.db, v->paths[i], DB_WRITE,
			waiting_told(WAIT_MS, program_tell, PROGRAM), f) < 0)
			return -1;
		result = prune_each(p.db, before, prune_one, &p, f);
		db_close(p.db);
		if (result < 0)
			return -1;
	}
	return 0;
}
