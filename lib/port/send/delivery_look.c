#include "port/send/delivery_look.h"

#include <string.h>

#include "base/clock.h"
#include "port/bounce/suppressed.h"
#include "port/send/delivery_outcome.h"
#include "port/send/delivery_stops.h"

/* Until a letter that another process has is asked for. */
#define BUSY_MS 1000

/* The claim is released, so that a later run can send the letter. */
static void
release_letter(struct delivery_state *d, struct letter *l, struct outcome o)
{
	ledger_release(d->p->ledger, &l->item);
	delivery_outcome_set(d, l, &o);
}

static void
skip_letter(struct delivery_state *d, struct letter *l, const char *class)
{
	struct outcome o = delivery_outcome_make(OUTCOME_SKIPPED, class);

	delivery_outcome_settle(d, l, &o);
}

static void
end_letter(
    struct delivery_state *d, struct letter *l, enum ledger_look_verdict v)
{
	switch (v) {
	case LEDGER_LOOK_GO:
		break;
	case LEDGER_LOOK_HELD:
		release_letter(
		    d, l, delivery_outcome_make(OUTCOME_DEFERRED, "held"));
		break;
	case LEDGER_LOOK_PRUNED:
		release_letter(
		    d, l, delivery_outcome_make(OUTCOME_SKIPPED, "pruned"));
		break;
	case LEDGER_LOOK_CANCELLED:
		skip_letter(d, l, "cancelled");
		break;
	case LEDGER_LOOK_OPTOUT:
		skip_letter(d, l, "optout");
		break;
	case LEDGER_LOOK_SUPPRESSED:
		skip_letter(d, l, "suppressed");
		break;
	case LEDGER_LOOK_EXPIRED:
		skip_letter(d, l, "expired");
		break;
	}
}

/*
 * A test goes to somebody else; --retry bad_mailbox asks the relay again
 * whether the mailbox is there.
 */
static bool
is_sent_anyhow(const struct letter *l)
{
	return l->message.include_suppressed || l->redirected_to.p != NULL ||
	       (l->item.reopened &&
		   strcmp(l->item.was_class, "bad_mailbox") == 0);
}

static int
look_for_bounces(struct delivery_state *d, struct letter *l, struct fail *f)
{
	if (is_sent_anyhow(l))
		return 0;
	return suppressed_check(d->suppressed, l->item.look.bounces,
	    l->item.key, &l->item.look.suppressed, f);
}

int
delivery_look_again(struct delivery_state *d, struct letter *l, struct fail *f)
{
	int64_t expires = l->message.expires;
	enum ledger_look_verdict v;

	if (ledger_look(d->p->ledger, &l->item, f) < 0 ||
	    look_for_bounces(d, l, f) < 0)
		return -1;
	v = ledger_look_judge(
	    l->item.look, expires, expires != 0 ? clock_wall_ms() : 0);
	if ((v == LEDGER_LOOK_GO || v == LEDGER_LOOK_EXPIRED) &&
	    delivery_stops_hold(d, l))
		return 0;
	end_letter(d, l, v);
	return v == LEDGER_LOOK_GO;
}

/* Without a reason in the look the row is another process's. */
void
delivery_look_refused(
    struct delivery_state *d, struct letter *l, enum ledger_grant grant)
{
	enum ledger_look_verdict v = ledger_look_judge(l->item.look, 0, 0);
	struct outcome busy = delivery_outcome_make(OUTCOME_DEFERRED, "busy");

	if (grant == LEDGER_GRANT_REFUSED && v != LEDGER_LOOK_GO) {
		end_letter(d, l, v);
		return;
	}
	busy.next_try = clock_wall_ms() + BUSY_MS;
	release_letter(d, l, busy);
}
