#include "send/send_plan.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "mail/record/plan_keys.h"
#include "port/ledger/ledger_plan.h"
#include "port/ledger/ledger_read.h"

static int
read_plan(struct plan *p, const char *path, struct arena *a, struct fail *f)
{
	struct buf text = {0};
	int rc = file_read(&text, path, PLAN_MAX, NULL, f);

	/* It has been parsed before: batch_files_check() */
	if (rc == 0)
		rc = plan_parse(p, arena_str(a, buf_str(&text)), a, f);
	buf_free(&text);
	return rc;
}

/*
 * Recipients that an earlier plan had and this one has not, those who have
 * opted out since for example. -1: the plan has no file of keys.
 */
static int
count_unplanned(
    struct send_run *r, const struct plan *p, long long *count, struct fail *f)
{
	const struct ledger_read ledger = {{r->store}, 1};
	struct buf path = {0}, keys = {0};
	struct coverage *coverage;
	int rc = 0;

	*count = -1;
	buf_printf(&path, "%s" PLAN_KEYS, r->args->plan);
	if (access(buf_cstr(&path), F_OK) == 0)
		rc = file_read(&keys, buf_cstr(&path), PLAN_MAX, NULL, f);
	if (rc == 0 && keys.len > 0) {
		coverage = coverage_new(buf_str(&keys));
		rc = ledger_read_cover(&ledger, p->email_id, coverage, f);
		*count = coverage_unplanned(coverage);
		coverage_free(coverage);
	}
	buf_free(&path);
	buf_free(&keys);
	return rc;
}

static int
refuse_unapproved(const struct send_run *r, struct fail *f)
{
	if (r->args->plan == NULL)
		return fail_system(f,
		    "BM_REQUIRE_APPROVAL is on: give --plan, and have the "
		    "plan approved (bm-batch --approve PLAN)");
	return fail_system(f,
	    "%s is not approved, and BM_REQUIRE_APPROVAL is on: bm-batch "
	    "--approve %s",
	    r->args->plan, r->args->plan);
}

int
send_plan_note(struct send_run *r, struct fail *f)
{
	struct ledger_decision_plan stored = {0}, now = {0};
	struct plan p = {0};
	bool required, same;
	int found;

	if (settings_bool(r->settings, "BM_REQUIRE_APPROVAL", &required, f) < 0)
		return -1;
	if (r->args->redirect != NULL)
		return 0; /* a test is no mailing */
	if (r->args->plan == NULL)
		return required ? refuse_unapproved(r, f) : 0;
	if (read_plan(&p, r->args->plan, r->arena, f) < 0)
		return -1;
	if (p.email_id.p == NULL) /* of recipients: no mailing is named */
		return required ? refuse_unapproved(r, f) : 0;
	found = ledger_plan_read(r->store, p.email_id, &stored, r->arena, f);
	if (found < 0)
		return -1;
	same = found == 1 && str_eq(stored.keys, p.keys_sha256);
	if (required && !(same && stored.approved_by.p != NULL))
		return refuse_unapproved(r, f);
	if (same)
		return 0;
	now = (struct ledger_decision_plan){
	    .email_id = p.email_id, .keys = p.keys_sha256, .planned = p.count};
	return count_unplanned(r, &p, &now.unplanned, f) < 0
		   ? -1
		   : ledger_plan_store(r->store, &now, clock_wall_ms(), f);
}
