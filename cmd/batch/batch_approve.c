#include "batch/batch_approve.h"

#include <pwd.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/program.h"
#include "mail/record/plan.h"
#include "port/ledger/ledger_plan.h"
#include "port/open/store_open_file.h"

#define WAIT_MS 60000 /* longest wait for a lock */

/* Who runs us; with sudo that is whom sudo has made of the person. */
static struct str
find_approver(struct arena *a)
{
	const struct passwd *p = getpwuid(getuid());

	return str_of(p != NULL ? arena_printf(a, "%s", p->pw_name)
				: arena_printf(a, "uid %ld", (long)getuid()));
}

static int
parse_plan(struct plan *p, const char *path, struct arena *a, struct fail *f)
{
	struct buf text = {0};
	int rc = file_read(&text, path, PLAN_MAX, NULL, f);

	if (rc == 0 && plan_parse(p, arena_str(a, buf_str(&text)), a, f) < 0)
		rc = fail_system(f, "%s: %s", path, f->text);
	if (rc == 0 && p->email_id.p == NULL)
		rc = fail_system(
		    f, "%s names no mailing: it was made of recipients", path);
	buf_free(&text);
	return rc;
}

static int
store_approval(struct ledger_decision_plan *approved, const char *program,
    const char *path, struct arena *a, struct fail *f)
{
	struct ledger_decision_plan known;
	struct store *store;
	int rc;

	if (store_open_file(&store, path, STORE_WRITE,
		waiting_told(WAIT_MS, program_tell, program), f) < 0)
		return -1;
	rc = ledger_plan_read(store, approved->email_id, &known, a, f);
	if (rc == 1 && str_eq(known.keys, approved->keys))
		approved->unplanned = known.unplanned;
	if (rc >= 0)
		rc = ledger_plan_store(
		    store, approved, approved->approved_at, f);
	store_close(store);
	return rc;
}

int
batch_approve(
    const char *program, const char *path, const struct settings *settings)
{
	struct arena *a = arena_new();
	struct ledger_decision_plan approved;
	struct plan p = {0};
	const char *db;
	struct fail f;
	int status = 0;

	if (settings_need(settings, "BM_DB", &db, &f) < 0 ||
	    parse_plan(&p, path, a, &f) < 0)
		status = program_die(program, &f);
	approved = (struct ledger_decision_plan){.email_id = p.email_id,
	    .keys = p.keys_sha256,
	    .planned = p.count,
	    .unplanned = -1,
	    .approved_by = find_approver(a),
	    .approved_at = clock_wall_ms()};
	if (status == 0 && store_approval(&approved, program, db, a, &f) < 0)
		status = program_die(program, &f);
	if (status == 0)
		program_note(program, "%.*s to %lld recipients: approved by %s",
		    (int)p.email_id.n, p.email_id.p, p.count,
		    approved.approved_by.p);
	arena_free(a);
	return status;
}
