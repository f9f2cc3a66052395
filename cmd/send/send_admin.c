#include "send/send_admin.h"

#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/num.h"
#include "base/program.h"
#include "port/ledger/ledger_admin.h"
#include "port/relay/relay_stops.h"

static int
assume_sent(struct send_run *r, const char *id, struct fail *f)
{
	long long count;

	if (ledger_admin_assume_sent(
		r->store, str_of(id), clock_wall_ms(), &count, f) < 0)
		return -1;
	program_note(SEND_ARGS_PROGRAM, "%s: %lld in doubt now count as sent",
	    id, count);
	return 0;
}

static int
mark_uncertain(struct send_run *r, const char *id, struct fail *f)
{
	bool known;

	if (ledger_admin_mark_uncertain(
		r->store, str_of(id), clock_wall_ms(), &known, f) < 0)
		return -1;
	if (!known)
		program_note(SEND_ARGS_PROGRAM,
		    "%s: this ledger did not know the mailing", id);
	program_note(SEND_ARGS_PROGRAM,
	    "%s: recipients without a final outcome are now in doubt", id);
	return 0;
}

/* The opt-outs that are not in an older ledger come back only by hand. */
static void
note_accepted(struct send_run *r, const struct ledger_decision_accepted *a)
{
	struct buf at = {0};

	if (a->at > 0)
		num_rfc3339(&at, a->at);
	else
		buf_adds(&at, "an unknown time");
	program_note(SEND_ARGS_PROGRAM,
	    "%s is accepted as of %s; mailings that are uncertain now, their "
	    "recipients without a final outcome in doubt: %lld",
	    r->store->name, buf_cstr(&at), a->mailings);
	program_note(SEND_ARGS_PROGRAM,
	    "opt-outs since then are not in it: before you send, run bm-optout "
	    "import FILE with a newer export of the register (bm-optout export "
	    ">FILE)");
	buf_free(&at);
}

static int
accept_older(struct send_run *r, struct fail *f)
{
	struct ledger_decision_accepted accepted;
	int rc =
	    ledger_admin_accept_older(r->store, clock_wall_ms(), &accepted, f);

	if (rc == 1)
		note_accepted(r, &accepted);
	else if (rc == 0)
		program_note(SEND_ARGS_PROGRAM,
		    "%s is as new as it should be: nothing to accept",
		    r->store->name);
	return rc;
}

/* "mailing=week3", "account", "all"; relay and account have a relay as key. */
static int
parse_lift(const char *text, struct relay_stop_choice *c, struct arena *arena,
    struct fail *f)
{
	size_t n = strcspn(text, "=");
	struct str scope = {text, n};
	struct str key = str_of(text[n] == '=' ? text + n + 1 : NULL);

	*c = (struct relay_stop_choice){.scope = stop_scope_parse(scope)};
	if (c->scope <= STOP_SCOPE_RECIPIENT &&
	    !(str_is(scope, "all") && key.p == NULL))
		return fail_system(f,
		    "--lift is mailing, sender, domain, account or relay, "
		    "alone or with =KEY, or all, not \"%s\"",
		    text);
	if (c->scope >= 0 && stop_scope_is_whole((enum stop_scope)c->scope))
		c->relay = key;
	else
		c->key = key;
	if (c->scope == STOP_SCOPE_DOMAIN && key.p != NULL) {
		char *lower = arena_dup(arena, key.p, key.n);

		for (size_t i = 0; i < key.n; i++)
			lower[i] = ascii_lower(lower[i]);
		c->key.p = lower;
	}
	return 0;
}

static int
lift_stops(struct send_run *r, const char *text, struct fail *f)
{
	struct relay_stop_choice choice;
	long long count;

	if (parse_lift(text, &choice, r->arena, f) < 0)
		return -1;
	count = relay_stops_lift(r->store->stops, &choice, f);
	if (count < 0)
		return -1;
	if (count == 0) {
		program_note(SEND_ARGS_PROGRAM,
		    "%s: no such stop; bm-report --stops lists them", text);
		filter_raise(r->filter, 1);
	} else {
		program_note(
		    SEND_ARGS_PROGRAM, "%s: stops lifted: %lld", text, count);
	}
	return 0;
}

int
send_admin_apply(struct send_run *r, struct fail *f)
{
	const struct {
		const char *id;
		enum ledger_state state;
		const char *note;
	} states[] = {
	    {r->args->hold, LEDGER_HELD, "held until --release"},
	    {r->args->release, LEDGER_OPEN, "released"},
	    {r->args->cancel, LEDGER_CANCELLED, "cancelled for good"},
	};
	int done = 0;

	if (r->args->accept_older) {
		if (accept_older(r, f) < 0)
			return -1;
		done = !r->args->has_input;
	}
	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++) {
		if (states[i].id == NULL)
			continue;
		if (ledger_admin_set_state(
			r->store, str_of(states[i].id), states[i].state, f) < 0)
			return -1;
		program_note(
		    SEND_ARGS_PROGRAM, "%s: %s", states[i].id, states[i].note);
		done = 1;
	}
	if (r->args->uncertain != NULL) {
		if (mark_uncertain(r, r->args->uncertain, f) < 0)
			return -1;
		done = 1;
	}
	if (r->args->lift != NULL) {
		if (lift_stops(r, r->args->lift, f) < 0)
			return -1;
		done = 1;
	}
	if (r->args->assume_sent != NULL) {
		if (assume_sent(r, r->args->assume_sent, f) < 0)
			return -1;
		done = 1;
	}
	return done;
}
