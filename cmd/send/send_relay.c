#include "send/send_relay.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/program.h"
#include "port/relay/relay.h"
#include "port/relay/relay_habits.h"
#include "port/relay/relay_stops.h"
#include "port/send/breaker_close.h"

const char *
send_relay_account(const struct send_run *r)
{
	return r->relay.user != NULL ? r->relay.user : "";
}

int
send_relay_lift(struct send_run *r, int scope, struct str key,
    const char *class, struct fail *f)
{
	struct relay_stop_choice choice = {.relay = str_of(r->relay_name),
	    .account = str_of(send_relay_account(r)),
	    .scope = scope,
	    .key = key,
	    .class = str_of(class)};

	return relay_stops_lift(r->store->stops, &choice, f) < 0 ? -1 : 0;
}

/* The run ends before it has read anything. */
static void
add_input(struct send_run *r, struct fail *f)
{
	size_t n = strlen(f->text);
	struct buf b = {0};

	buf_adds(&b, "; ");
	filter_describe_input(r->filter, &b);
	snprintf(f->text + n, sizeof(f->text) - n, "%s", buf_cstr(&b));
	buf_free(&b);
}

int
send_relay_find_sender(
    struct send_run *r, const char *setting, struct str *sender, struct fail *f)
{
	const char *text = settings_get(r->settings, setting);
	struct str name;
	struct addr a;

	*sender = (struct str){0};
	if (text == NULL)
		return 0;
	if (addr_parse_mailbox(
		&a, &name, str_of(text), ADDR_RESERVED, r->arena, f) < 0)
		return settings_refuse(r->settings, setting, f);
	*sender = a.wire;
	return 0;
}

int
send_relay_find_verp(
    struct send_run *r, struct verp *verp, struct str *pattern, struct fail *f)
{
	const char *text = settings_get(r->settings, "BM_VERP");

	*pattern = (struct str){0};
	if (text == NULL || text[0] == '\0')
		return 0;
	*pattern = str_of(text);
	return verp_parse(verp, text, f) < 0 ? fail_prefix(f, "BM_VERP") : 0;
}

int
send_relay_init(struct send_run *r, struct fail *f)
{
	if (relay_params_init(&r->relay, r->settings, f) < 0)
		return -1;
	r->relay.connections = (int)r->args->connections;
	r->relay.per_connection = (int)r->args->per_connection;
	r->relay_name = relay_params_name(&r->relay);
	return 0;
}

int
send_relay_report_refusal(struct send_run *r, const struct fail *f)
{
	program_note(SEND_ARGS_PROGRAM, "%s", f->text);
	filter_raise(r->filter, 255);
	return 1;
}

/*
 * What the relay cannot do is told at once, and kept for later runs; if it
 * cannot be kept, the next run finds it out by itself.
 */
static void
keep_pipelining(void *ctx, enum pipelining_use use)
{
	struct send_run *r = ctx;
	struct fail f;

	program_note(SEND_ARGS_PROGRAM,
	    use == PIPELINING_ENVELOPE
		? "%s cannot take what is pipelined behind the dot of a "
		  "message: it waits for the reply to the dot from now on, and "
		  "for "
		  "%d days"
		: "%s does not answer pipelined commands, which it offers: "
		  "they go one by one from now on, and for %d days "
		  "(BM_SMTP_IGNORE=PIPELINING: for good)",
	    r->relay_name, RELAY_HABITS_DAYS);
	if (relay_habits_put(r->store->memory, str_of(r->relay_name),
		str_of(send_relay_account(r)), clock_wall_ms(), use, &f) < 0)
		program_note(SEND_ARGS_PROGRAM, "%s", f.text);
}

static void
note_failure(void *ctx, const char *why)
{
	const struct send_run *r = ctx;

	program_note(SEND_ARGS_PROGRAM, "%s: %s; trying again", r->relay_name,
	    why[0] != '\0' ? why : "no answer");
}

/* An operator has looked: the stops are lifted, the answers forgotten. */
static int
close_breaker(struct send_run *r, struct fail *f)
{
	if (send_relay_lift(r, -1, (struct str){0}, "breaker", f) < 0)
		return -1;
	return breaker_close(r->store, str_of(r->relay_name),
	    str_of(send_relay_account(r)), clock_wall_ms(), f);
}

int
send_relay_open(struct send_run *r, struct fail *f)
{
	int stopped;

	if (send_relay_init(r, f) < 0)
		return -1;
	/* --retry breaker: an operator has looked at the cause. */
	if (r->args->retry != NULL && strcmp(r->args->retry, "breaker") == 0 &&
	    close_breaker(r, f) < 0)
		return -1;
	stopped = relay_stops_check(r->store->stops, str_of(r->relay_name),
	    str_of(send_relay_account(r)), clock_wall_ms(), f);
	if (stopped != 0) {
		add_input(r, f);
		return stopped < 0 ? -1 : send_relay_report_refusal(r, f);
	}
	if (rate_limits_new(&r->limits, r->store, r->relay_name,
		send_relay_account(r), r->args->rates.items,
		r->args->rates.count, f) < 0 ||
	    answer_share_open(&r->answers, r->store, str_of(r->relay_name),
		str_of(send_relay_account(r)), clock_wall_ms(), f) < 0)
		return -1;
	r->relay.listener =
	    (struct relay_listener){.on_pipelining = keep_pipelining,
		.on_failure = note_failure,
		.ctx = r};
	if (relay_habits_get(r->store->memory, str_of(r->relay_name),
		str_of(send_relay_account(r)), clock_wall_ms(),
		&r->relay.pipelining, f) < 0)
		return -1;
	return relay_open(&r->transport, &r->relay, f);
}

void
send_relay_note(void *ctx, struct str line)
{
	(void)ctx;
	program_note(SEND_ARGS_PROGRAM, "%.*s", (int)line.n, line.p);
}

void
send_relay_on_stop(void *ctx, const struct relay_stop *stop)
{
	struct send_run *r = ctx;
	struct buf b = {0};

	relay_stop_describe(&b, stop);
	if (stop_scope_is_whole(stop->scope)) {
		buf_adds(&b, "; ");
		filter_describe_input(r->filter, &b);
	} else {
		buf_adds(&b, "; other mail goes on");
	}
	program_note(SEND_ARGS_PROGRAM, "%s", buf_cstr(&b));
	buf_free(&b);
}

int
send_relay_on_loss(void *ctx, struct fail *f)
{
	struct send_run *r = ctx;
	int64_t now = clock_wall_ms();
	int stopped = relay_stops_check(r->store->stops, str_of(r->relay_name),
	    str_of(send_relay_account(r)), now, f);

	/* Another process has stopped. */
	if (stopped == 1 || (stopped < 0 && f->kind == FAIL_TEMP))
		return 1;
	return stopped < 0 ? -1 : rate_limits_lose(r->limits, now, f);
}
