#include "send/send_check.h"

#include "base/program.h"
#include "port/db/db_open.h"
#include "port/relay/relay_check.h"
#include "send/send_relay.h"

/* The envelope sender of a mailing; empty if no setting tells. */
static int
find_sender(struct send_run *r, struct str *sender, struct fail *f)
{
	int rc = send_relay_find_sender(r, "BM_ENVELOPE_SENDER", sender, f);

	if (rc == 0 && sender->p == NULL)
		rc = send_relay_find_sender(
		    r, "DEFAULT_BULK_FROM_EMAIL", sender, f);
	if (sender->p == NULL)
		*sender = STR("");
	return rc;
}

/* Without a sender the relay was asked about bounces, and about no sender. */
static void
note_success(const struct send_run *r, struct str sender)
{
	program_note(SEND_ARGS_PROGRAM, "%s takes mail from <%.*s>%s",
	    r->relay_name, (int)sender.n, sender.n > 0 ? sender.p : "",
	    sender.n > 0 ? ""
			 : "; set DEFAULT_BULK_FROM_EMAIL to try the sender");
}

/* What the check has tried; a domain or a mailing is not among it. */
static int
lift_tried(struct send_run *r, struct str sender, struct fail *f)
{
	const struct str any = {0};

	if (send_relay_lift(r, STOP_SCOPE_RELAY, any, NULL, f) < 0 ||
	    send_relay_lift(r, STOP_SCOPE_ACCOUNT, any, NULL, f) < 0)
		return -1;
	return send_relay_lift(r, STOP_SCOPE_SENDER, sender, NULL, f);
}

int
send_check_relay(struct send_run *r, struct fail *f)
{
	const char *path = settings_get(r->settings, "BM_DB");
	struct str sender;

	if (send_relay_init(r, f) < 0 || find_sender(r, &sender, f) < 0 ||
	    (path != NULL &&
		db_open(&r->db, path, DB_WRITE, SEND_RUN_DB_WAIT_MS, f) < 0))
		return -1;
	if (relay_check(&r->relay, arena_dup(r->arena, sender.p, sender.n), f) <
	    0) {
		fail_prefix(f, "%s", r->relay_name);
		return f->kind == FAIL_TEMP ? -1
					    : send_relay_report_refusal(r, f);
	}
	note_success(r, sender);
	if (r->db == NULL)
		return 0;
	return lift_tried(r, sender, f);
}
