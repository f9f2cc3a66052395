#include "send/send_admin.h"

#include "base/clock.h"
#include "base/program.h"
#include "port/ledger/ledger_admin.h"

static int
assume_sent(struct send_run *r, const char *id, struct fail *f)
{
	long long count;

	if (ledger_admin_assume_sent(
		r->db, str_of(id), clock_wall_ms(), &count, f) < 0)
		return -1;
	program_note(SEND_ARGS_PROGRAM, "%s: %lld in doubt now count as sent",
	    id, count);
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

	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++) {
		if (states[i].id == NULL)
			continue;
		if (ledger_admin_set_state(
			r->db, str_of(states[i].id), states[i].state, f) < 0)
			return -1;
		program_note(
		    SEND_ARGS_PROGRAM, "%s: %s", states[i].id, states[i].note);
		done = 1;
	}
	if (r->args->assume_sent != NULL) {
		if (assume_sent(r, r->args->assume_sent, f) < 0)
			return -1;
		done = 1;
	}
	return done;
}
