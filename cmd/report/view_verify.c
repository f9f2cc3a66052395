#include "report/view_verify.h"

#include "base/program.h"
#include "base/progress.h"
#include "port/ledger/ledger_verify.h"
#include "port/open/store_open_file.h"

#define WAIT_MS 10000 /* longest wait for a lock */

struct checking {
	struct view *view;
	const char *path; /* the ledger; printed if there are several */
	struct progress progress;
};

static int
put_check(void *ctx, const char *check, const char *against, struct fail *f)
{
	struct checking *c = ctx;
	struct buf line = {0};

	buf_adds(&line, against == NULL ? "ok: " : "BROKEN: ");
	if (c->view->path_count > 1)
		buf_printf(&line, "%s: ", c->path);
	buf_adds(&line, check);
	if (against != NULL) {
		buf_printf(&line, ": %s", against);
		filter_raise(c->view->out, 1);
	}
	buf_addc(&line, '\n');
	progress_hide(&c->progress);
	progress_add(&c->progress, 1);
	*f = (struct fail){0}; /* filter.c reports its failure */
	return view_write(c->view, &line);
}

static int
check_ledger(struct checking *c, struct fail *f)
{
	const struct view *v = c->view;
	struct waiting wait = waiting_told(WAIT_MS, program_tell, PROGRAM);
	struct store *store;
	int result;

	wait.progress = &c->progress;
	progress_begin(&c->progress, "checks made", 0, -1);
	if (store_open_file(&store, c->path, STORE_READ, wait, f) < 0)
		return -1;
	result = ledger_verify(store, v->id, put_check, c, f);
	if (result == 0 && v->plan != NULL)
		result = v->has_keys ? ledger_verify_keys(store, v->id,
					   buf_str(&v->keys), put_check, c, f)
				     : ledger_verify_plan(store, v->id, v->plan,
					   put_check, c, f);
	store_close(store);
	return result;
}

int
view_verify(struct view *v, struct fail *f)
{
	struct checking c = {.view = v};
	int result;

	if (view_check_id(v, f) < 0)
		return -1;
	progress_init(&c.progress, PROGRAM, &v->args->progress, false);
	filter_set_progress(v->out, &c.progress);
	result = 0;
	for (size_t i = 0; i < v->path_count && result == 0; i++) {
		c.path = v->paths[i];
		result = check_ledger(&c, f);
	}
	progress_end(&c.progress);
	filter_set_progress(v->out, NULL);
	return result;
}
