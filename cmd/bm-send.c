/*
 * bm-send: deliver message records; one outcome for each.
 */
#include "base/arena.h"
#include "base/filter.h"
#include "base/options.h"
#include "base/program.h"
#include "base/settings.h"
#include "mail/record/outcome_class.h"
#include "port/send/batch_files.h"
#include "send/send_admin.h"
#include "send/send_args.h"
#include "send/send_check.h"
#include "send/send_delivery.h"
#include "send/send_plan.h"
#include "send/send_run.h"
#include "send/send_settle.h"

/* The operator's switch; each course has one of its own in the database. */
static int
check_enabled(const struct settings *settings, struct fail *f)
{
	return settings_need_on(
	    settings, "ENABLE_INSTRUCTOR_EMAIL", "course email", f);
}

static int
check_retry(const struct send_args *a, struct fail *f)
{
	const struct outcome_class *class;

	if (a->retry == NULL)
		return 0;
	if (outcome_class_check_retry(a->retry, a->since >= 0, f) < 0)
		return -1;
	class = outcome_class_find(str_of(a->retry));
	if (class->retry == OUTCOME_CLASS_SINCE &&
	    a->since > OUTCOME_CLASS_SINCE_MS)
		return fail_system(f,
		    "--retry %s reopens outcomes of the last 7 days: give "
		    "--since 7d or less",
		    a->retry);
	return 0;
}

/* 1: nothing is to be sent. */
static int
run_options(struct send_run *r, struct fail *f)
{
	const struct send_args *a = r->args;
	int rc;

	if (check_retry(a, f) < 0)
		return -1;
	if (a->check)
		return send_check_relay(r, f);
	if ((a->plan != NULL &&
		batch_files_check(r->batches, a->plan, f) < 0) ||
	    filter_open_rejects(r->filter, a->rejects, f) < 0 ||
	    send_run_open_ledger(r, f) < 0)
		return -1;
	if (a->settle != NULL)
		return send_settle(r, f);
	rc = send_admin_apply(r, f);
	if (rc == 0)
		rc = check_enabled(r->settings, f);
	if (rc == 0)
		rc = send_plan_note(r, f);
	return rc != 0 ? rc : send_delivery_run(r, f);
}

int
main(int argc, char **argv)
{
	struct send_args a;
	struct options o;
	struct send_run r = {.args = &a, .arena = arena_new()};
	struct fail f = {0};
	char *settle;
	int status = send_args_parse(&a, &o, r.arena, argc, argv);

	if (status >= 0) {
		arena_free(r.arena);
		return status;
	}
	a.has_input = o.operand_count > 0;
	a.verbose = o.verbose;
	r.settings = o.settings;
	settle = (char *)a.settle;
	if (settle != NULL)
		r.filter = filter_new(SEND_ARGS_PROGRAM, &settle, 1);
	else
		r.filter =
		    filter_new(SEND_ARGS_PROGRAM, o.operands, o.operand_count);
	r.batches = batch_files_new(o.operands, o.operand_count);
	status = send_run_close(&r, run_options(&r, &f), &f);
	options_free(&o); /* its table is in the arena */
	arena_free(r.arena);
	return status;
}
