#include "send/send_check.h"

#include "base/program.h"
#include "mail/mime/addr.h"
#include "port/db/db_open.h"
#include "port/relay/relay_check.h"
#include "send/send_relay.h"

/* The envelope sender of a mailing, without a display name. */
static int
find_sender(struct send_run *r, struct str *sender, struct fail *f)
{
	const char *text = settings_get(r->settings, "BM_ENVELOPE_SENDER");
	struct str name;
	struct addr a;

	if (text == NULL)
		text = settings_get(r->settings, "DEFAULT_BULK_FROM_EMAIL");
	*sender = STR("");
	if (text == NULL)
		return 0;
	if (addr_parse_mailbox(
		&a, &name, str_of(text), ADDR_RESERVED, r->arena, f) < 0)
		return fail_system(f, "the sender: %s", text);
	*sender = a.wire;
	return 0;
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
	program_note(SEND_ARGS_PROGRAM, "%s takes mail from <%.*s>",
	    r->relay_name, (int)sender.n, sender.p);
	if (r->db == NULL)
		return 0;
	return send_relay_lift(r, NULL, f);
}
