#include "send/send_check.h"

#include "base/harmless.h"
#include "base/json_put.h"
#include "base/program.h"
#include "port/open/store_open_file.h"
#include "port/relay/relay_check.h"
#include "send/send_relay.h"

/* One of the senders of BM_VERP, whose token is nobody's. */
static struct str
make_verp_sender(struct send_run *r, const struct verp *verp)
{
	const unsigned char secret[VERP_KEY] = {0};
	struct buf b = {0};
	struct str sender;

	verp_address(&b, verp, secret, STR(""), STR(""));
	sender = arena_str(r->arena, buf_str(&b));
	buf_free(&b);
	return sender;
}

/*
 * The envelope sender of a mailing, and what a stop of it is kept by; empty if
 * no setting tells.
 */
static int
find_sender(
    struct send_run *r, struct str *sender, struct str *key, struct fail *f)
{
	struct verp verp;
	int rc = send_relay_find_verp(r, &verp, key, f);

	if (rc < 0)
		return -1;
	if (key->p != NULL) {
		*sender = make_verp_sender(r, &verp);
		return 0;
	}
	rc = send_relay_find_sender(r, "BM_ENVELOPE_SENDER", sender, f);
	if (rc == 0 && sender->p == NULL)
		rc = send_relay_find_sender(
		    r, "DEFAULT_BULK_FROM_EMAIL", sender, f);
	if (sender->p == NULL)
		*sender = STR("");
	*key = *sender;
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

/* Lift the stops that the check has tried: relay, account and sender. */
static int
lift_tried(struct send_run *r, struct str sender, struct fail *f)
{
	const struct str any = {0};

	if (send_relay_lift(r, STOP_SCOPE_RELAY, any, NULL, f) < 0 ||
	    send_relay_lift(r, STOP_SCOPE_ACCOUNT, any, NULL, f) < 0)
		return -1;
	return send_relay_lift(r, STOP_SCOPE_SENDER, sender, NULL, f);
}

static const char *const status_names[] = {
    [RELAY_CHECK_OK] = "ok",
    [RELAY_CHECK_WARNING] = "warning",
    [RELAY_CHECK_ERROR] = "error",
};

static void
print_json(struct send_run *r, const struct relay_check_item *item)
{
	struct buf b = {0}, text = {0};

	buf_adds(&text, item->text);
	text.len = harmless_text(text.p, text.len);
	buf_addc(&b, '{');
	json_put(&b, "name", str_of(item->name));
	json_put(&b, "status", str_of(status_names[item->status]));
	json_put(&b, "text", buf_str(&text));
	json_put(&b, "remedy", str_of(item->remedy));
	buf_adds(&b, "}\n");
	(void)filter_write(r->filter, buf_str(&b));
	buf_free(&b);
	buf_free(&text);
}

static void
tell_item(void *ctx, const struct relay_check_item *item)
{
	struct send_run *r = ctx;

	if (r->args->json)
		print_json(r, item);
	if (r->args->verbose)
		program_note(SEND_ARGS_PROGRAM, "%s: %s: %s%s%s",
		    status_names[item->status], item->name, item->text,
		    item->remedy != NULL ? "; " : "",
		    item->remedy != NULL ? item->remedy : "");
}

/* The recipient of the check is our own address. */
static int
find_recipient(struct send_run *r, const char **recipient, struct fail *f)
{
	struct str own;

	*recipient = NULL;
	if (!r->args->verbose && !r->args->json)
		return 0;
	if (send_relay_find_sender(r, "DEFAULT_BULK_FROM_EMAIL", &own, f) < 0)
		return -1;
	if (own.p != NULL)
		*recipient = arena_dup(r->arena, own.p, own.n);
	return 0;
}

static void
note_no_recipient(const struct relay_check *c)
{
	if (c->recipient == NULL)
		relay_check_item_tell(&c->listener, "recipient",
		    RELAY_CHECK_WARNING, "not tried",
		    "DEFAULT_BULK_FROM_EMAIL has to be set");
}

int
send_check_relay(struct send_run *r, struct fail *f)
{
	const char *path = settings_get(r->settings, "BM_DB");
	struct relay_check check = {
	    .relay = &r->relay, .listener = {tell_item, r}};
	struct str sender, key;
	int rc;

	if (send_relay_init(r, f) < 0 || find_sender(r, &sender, &key, f) < 0 ||
	    find_recipient(r, &check.recipient, f) < 0 ||
	    (path != NULL && store_open_file(&r->store, path, STORE_WRITE,
				 waiting_told(SEND_RUN_DB_WAIT_MS, program_tell,
				     SEND_ARGS_PROGRAM),
				 f) < 0))
		return -1;
	check.sender = arena_dup(r->arena, sender.p, sender.n);
	rc = relay_check_run(&check, f);
	if (rc != 0) {
		fail_prefix(f, "%s", r->relay_name);
		return rc < 0 ? -1 : send_relay_report_refusal(r, f);
	}
	note_no_recipient(&check);
	note_success(r, sender);
	if (r->store == NULL)
		return 0;
	return lift_tried(r, key, f);
}
