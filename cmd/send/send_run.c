#include "send/send_run.h"

#include <stdlib.h>
#include <string.h>

#include "base/program.h"
#include "port/open/store_open_file.h"

static int
parse_durability(const char *name, enum ledger_durability *d, struct fail *f)
{
	if (strcmp(name, "power") == 0)
		*d = LEDGER_POWER;
	else if (strcmp(name, "process") == 0)
		*d = LEDGER_PROCESS;
	else
		return fail_system(
		    f, "--durability is power or process, not \"%s\"", name);
	return 0;
}

/* Some people are in doubt, even if this run does not meet them. */
static void
warn_of_damage(void *ctx, const char *text)
{
	struct filter *filter = ctx;

	program_note_at(SEND_ARGS_PROGRAM, "", text);
	filter_raise(filter, 1);
}

int
send_run_open_ledger(struct send_run *r, struct fail *f)
{
	enum ledger_durability durability = LEDGER_POWER;
	const char *path;

	if (parse_durability(r->args->durability, &durability, f) < 0 ||
	    settings_need(r->settings, "BM_DB", &path, f) < 0 ||
	    store_open_file(&r->store, path, STORE_WRITE,
		waiting_told(
		    SEND_RUN_DB_WAIT_MS, program_tell, SEND_ARGS_PROGRAM),
		f) < 0)
		return -1;
	r->notes = (struct recovery_notes){warn_of_damage, r->filter};
	return ledger_open(&r->ledger, r->store, durability, &r->notes, f);
}

int
send_run_close(struct send_run *r, int rc, const struct fail *f)
{
	struct fail last = {0};

	if (rc < 0)
		filter_report(r->filter, NULL, NULL, NULL, f);
	if (r->transport != NULL)
		r->transport->ops->close(r->transport, true);
	/* After a failure it would only say the same again. */
	if (r->ledger != NULL && ledger_close(r->ledger, &last) < 0 && rc >= 0)
		filter_report(r->filter, NULL, NULL, NULL, &last);
	rate_limits_free(r->limits);
	answer_share_close(r->answers);
	batch_files_free(r->batches);
	store_close(r->store);
	relay_params_free(&r->relay);
	free(r->relay_name);
	return filter_finish(r->filter);
}
