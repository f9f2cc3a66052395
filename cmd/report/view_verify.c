#include "report/view_verify.h"

#include "base/program.h"
#include "port/ledger/ledger_verify.h"
#include "port/open/store_open_file.h"

#define WAIT_MS 10000 /* longest wait for a lock */

struct checking {
	struct view *view;
	const char *path; /* the ledger; printed if there are several */
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
	*f = (struct fail){0}; /* filter.c reports its failure */
	return view_write(c->view, &line);
}

int
view_verify(struct view *v, struct fail *f)
{
	if (view_check_id(v, f) < 0)
		return -1;
	for (size_t i = 0; i < v->path_count; i++) {
		struct checking c = {v, v->paths[i]};
		struct store *store;
		int result;

		if (store_open_file(&store, v->paths[i], STORE_READ,
			waiting_told(WAIT_MS, program_tell, PROGRAM), f) < 0)
			return -1;
		result = ledger_verify(store, v->id, put_check, &c, f);
		if (result == 0 && v->plan != NULL)
			result = v->has_keys
				     ? ledger_verify_keys(store, v->id,
					   buf_str(&v->keys), put_check, &c, f)
				     : ledger_verify_plan(store, v->id, v->plan,
					   put_check, &c, f);
		store_close(store);
		if (result < 0)
			return -1;
	}
	return 0;
}
