#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "mail/smtp/retry.h"
#include "port/relay/connection.h"
#include "port/relay/connection_bytes.h"
#include "port/relay/connections.h"
#include "port/relay/relay_check.h"

#define WAIT_US 200
#define REPLY_MS 300000

static int
fail_reply(const struct relay_params *p, enum reply_stage stage,
    const struct reply *r, const char *class, struct fail *f)
{
	struct retry_verdict v = retry_judge(p->profile, stage, r, false);
	const char *text = r->text[0] != '\0' ? r->text : "no answer";
	char code[32] = "";

	if (r->code != 0)
		snprintf(code, sizeof(code), "%d %s ", r->code, r->enhanced);
	if (v.action == RETRY_ABORT ||
	    (r->code == 0 && class != NULL && strcmp(class, "dns") != 0))
		return fail_system(
		    f, "%s: %s%s", reply_stage_name(stage), code, text);
	return fail_temp(f, "%s: %s%s", reply_stage_name(stage), code, text);
}

static int
await_opening(struct connections *cs, struct connection **c,
    const struct relay_params *p, struct fail *f)
{
	const struct connection_error *e;

	while (connection_state(*c) == CONNECTION_OPENING) {
		if (connections_wait(cs, NULL, 0, WAIT_US, f) < 0)
			return -1;
		e = connection_error(*c);
		if (connection_state(*c) == CONNECTION_FAILED &&
		    e->remedy == CONNECTION_REMEDY_AGAIN) {
			connections_remove(cs, *c);
			*c = connections_add(cs);
		}
	}
	if (connection_state(*c) == CONNECTION_UP)
		return 0;
	e = connection_error(*c);
	return fail_reply(p, e->stage, &e->reply, e->class, f);
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

static int
send_command(struct connections *cs, struct connection *c,
    const struct relay_params *p, const char *line, enum reply_stage stage,
    struct fail *f)
{
	int64_t ms = p->timeout_ms < REPLY_MS ? p->timeout_ms : REPLY_MS;
	struct reply reply = {0};

	if (connection_bytes_send(c, str_of(line)) == (ssize_t)strlen(line))
		(void)read_reply(cs, c, &reply, ms, f);
	if (reply.code >= 200 && reply.code < 300)
		return 0;
	return fail_reply(p, stage, &reply, NULL, f);
}

static int
try_sender(struct connections *cs, struct connection **opened,
    const struct relay_params *p, const char *sender, struct fail *f)
{
	struct buf mail = {0};
	struct connection *c;
	int rc;

	if (await_opening(cs, opened, p, f) < 0)
		return -1;
	c = *opened;
	buf_printf(&mail, "MAIL FROM:<%s>\r\n", sender);
	rc = send_command(cs, c, p, buf_cstr(&mail), STAGE_MAIL, f);
	buf_free(&mail);
	if (rc == 0)
		rc = send_command(cs, c, p, "RSET\r\n", STAGE_MAIL, f);
	(void)send_command(cs, c, p, "QUIT\r\n", STAGE_NONE, &(struct fail){0});
	return rc;
}

int
relay_check(const struct relay_params *p, const char *sender, struct fail *f)
{
	struct connections *cs = connections_open(p, f);
	struct connection *c;
	int rc;

	if (cs == NULL)
		return -1;
	c = connections_add(cs);
	rc = try_sender(cs, &c, p, sender, f);
	connections_remove(cs, c);
	connections_close(cs);
	return rc;
}
