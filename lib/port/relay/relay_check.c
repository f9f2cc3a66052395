#include "port/relay/relay_check.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "mail/smtp/retry.h"
#include "port/relay/connection.h"
#include "port/relay/connection_bytes.h"
#include "port/relay/connections.h"
#include "port/relay/relay_check_facts.h"

#define WAIT_US 200
#define REPLY_MS 300000

/* A try under way. */
struct attempt {
	const struct relay_check *check;
	struct connections *connections;
	struct connection *connection;
};

/* 1 or -1, as relay_check_run(); refused: for good, whatever the reply. */
static int
fail_reply(const struct attempt *a, enum reply_stage stage,
    const struct reply *r, bool refused, struct fail *f)
{
	enum retry_profile profile = a->check->relay->profile;
	const char *text = r->text[0] != '\0' ? r->text : "no answer";
	const char *name = reply_stage_name(stage);
	char code[32] = "";

	if (r->code != 0)
		snprintf(code, sizeof(code), "%d %s ", r->code, r->enhanced);
	if (!refused &&
	    retry_judge(profile, stage, r, false).action != RETRY_ABORT)
		return fail_temp(f, "%s: %s%s", name, code, text);
	fail_system(f, "%s: %s%s", name, code, text);
	return 1;
}

static int
fail_opening(const struct attempt *a, struct fail *f)
{
	const struct connection_error *e = connection_error(a->connection);
	bool refused = e->reply.code == 0 && e->class != NULL &&
		       strcmp(e->class, "dns") != 0;
	int rc = fail_reply(a, e->stage, &e->reply, refused, f);

	return e->remedy == CONNECTION_REMEDY_LOCAL ? -1 : rc;
}

/* A token that is refused is fetched again for another connection. */
static bool
has_to_start_again(struct attempt *a)
{
	const struct connection *c = a->connection;

	return connection_state(c) == CONNECTION_FAILED &&
	       connection_error(c)->remedy == CONNECTION_REMEDY_AGAIN;
}

static int
await_opening(struct attempt *a, struct fail *f)
{
	while (connection_state(a->connection) == CONNECTION_OPENING) {
		if (connections_wait(a->connections, NULL, 0, WAIT_US, f) < 0)
			return -1;
		if (!has_to_start_again(a))
			continue;
		connections_remove(a->connections, a->connection);
		a->connection = connections_add(a->connections);
	}
	relay_check_facts_tell(
	    a->connection, clock_wall_ms(), &a->check->listener);
	if (connection_state(a->connection) == CONNECTION_UP)
		return 0;
	return fail_opening(a, f);
}

static int
read_reply(struct connections *cs, struct connection *c, struct reply *out,
    int64_t ms, struct fail *f)
{
	struct connection_poll poll = {.connection = c};
	struct reply_reader reader = {0};
	int64_t until = clock_mono_ms() + ms;
	enum reply_result got = REPLY_MORE;
	char in[4096];
	struct str s;
	ssize_t n = 0;

	*out = (struct reply){0};
	while (got == REPLY_MORE && n >= 0 && clock_mono_ms() < until) {
		if (connections_wait(cs, &poll, 1, WAIT_US, f) < 0)
			break;
		while (got == REPLY_MORE &&
		       (n = connection_bytes_receive(c, in, sizeof(in))) > 0) {
			s = (struct str){in, (size_t)n};
			got = reply_read(&reader, &s);
		}
	}
	if (got == REPLY_WHOLE)
		*out = reader.reply;
	reply_free(&reader);
	return got == REPLY_WHOLE ? 0 : -1;
}

/* The reply to a command; code 0 if there is none. */
static void
send_command(struct attempt *a, const char *line, struct reply *reply)
{
	int64_t ms = a->check->relay->timeout_ms;
	struct fail ignored;

	*reply = (struct reply){0};
	if (ms > REPLY_MS)
		ms = REPLY_MS;
	if (connection_bytes_send(a->connection, str_of(line)) ==
	    (ssize_t)strlen(line))
		(void)read_reply(
		    a->connections, a->connection, reply, ms, &ignored);
}

static void
tell_reply(const struct attempt *a, const char *name,
    enum relay_check_status status, const struct reply *r, const char *remedy)
{
	struct buf b = {0};

	if (r->code != 0)
		buf_printf(&b, "%d %s%s", r->code, r->enhanced,
		    r->enhanced[0] != '\0' ? " " : "");
	buf_adds(&b, r->code != 0 ? r->text : "no answer");
	relay_check_item_tell(
	    &a->check->listener, name, status, buf_cstr(&b), remedy);
	buf_free(&b);
}

static int
try_sender(struct attempt *a, struct fail *f)
{
	struct buf line = {0};
	struct reply reply;
	bool good;

	buf_printf(&line, "MAIL FROM:<%s>\r\n", a->check->sender);
	send_command(a, buf_cstr(&line), &reply);
	buf_free(&line);
	good = reply.code / 100 == 2;
	tell_reply(a, "sender", good ? RELAY_CHECK_OK : RELAY_CHECK_ERROR,
	    &reply,
	    good ? NULL
		 : "BM_ENVELOPE_SENDER has to be an address that this account "
		   "may send from");
	return good ? 0 : fail_reply(a, STAGE_MAIL, &reply, false, f);
}

/* A refusal of this one address is no refusal of us. */
static int
try_recipient(struct attempt *a, struct fail *f)
{
	enum relay_check_status status = RELAY_CHECK_OK;
	struct buf line = {0};
	struct reply reply;
	int rc = 0;

	if (a->check->recipient == NULL)
		return 0;
	buf_printf(&line, "RCPT TO:<%s>\r\n", a->check->recipient);
	send_command(a, buf_cstr(&line), &reply);
	buf_free(&line);
	if (reply.code / 100 != 2) {
		rc = fail_reply(a, STAGE_RCPT, &reply, false, f);
		status = rc == 1 ? RELAY_CHECK_ERROR : RELAY_CHECK_WARNING;
	}
	tell_reply(a, "recipient", status, &reply,
	    status == RELAY_CHECK_OK
		? NULL
		: "the relay has to take mail for others from this account");
	return rc == 1 ? 1 : 0;
}

static int
try_envelope(struct attempt *a, struct fail *f)
{
	struct reply reply;
	int rc = try_sender(a, f);

	if (rc == 0)
		rc = try_recipient(a, f);
	if (rc == 0) {
		send_command(a, "RSET\r\n", &reply);
		if (reply.code / 100 != 2)
			rc = fail_reply(a, STAGE_MAIL, &reply, false, f);
	}
	send_command(a, "QUIT\r\n", &reply);
	return rc;
}

int
relay_check_run(const struct relay_check *check, struct fail *f)
{
	struct attempt a = {.check = check};
	int rc;

	a.connections = connections_open(check->relay, f);
	if (a.connections == NULL)
		return -1;
	a.connection = connections_add(a.connections);
	rc = await_opening(&a, f);
	if (rc == 0)
		rc = try_envelope(&a, f);
	connections_remove(a.connections, a.connection);
	connections_close(a.connections);
	return rc;
}
