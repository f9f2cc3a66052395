#include "port/send/delivery_bounces.h"

#include <string.h>

#include "port/bounce/bounce_refusals.h"

/* A relay's answer about the recipient; a Maildir gives none. */
static bool
is_answer(const struct letter *l)
{
	return l->outcome.code != 0 && l->redirected_to.p == NULL &&
	       (l->outcome.status == OUTCOME_SENT ||
		   l->outcome.status == OUTCOME_FAILED);
}

static bool
is_dead(const struct outcome *o)
{
	return o->status == OUTCOME_FAILED &&
	       (strcmp(o->class, "bad_mailbox") == 0 ||
		   strcmp(o->class, "bad_domain") == 0);
}

void
delivery_bounces_note(struct delivery_state *d, const struct letter *l)
{
	const struct outcome *o = &l->outcome;

	if (!is_answer(l))
		return;
	bounce_refusals_count(
	    d->refusals, l->item.key, o->status == OUTCOME_SENT);
	if (is_dead(o))
		bounce_refusals_dead(d->refusals,
		    &(struct bounce_row){.email_id = l->item.email_id,
			.key = l->item.key,
			.kind = STR("hard"),
			.class = str_of(o->class),
			.enhanced = o->enhanced,
			.reply = o->reply,
			.at = o->at});
}

/* The rows have to be in the ledger before they are looked up. */
int
delivery_bounces_enter(struct delivery_state *d, struct fail *f)
{
	if (!bounce_refusals_any(d->refusals))
		return 0;
	if (ledger_flush(d->p->ledger, f) < 0)
		return -1;
	return bounce_refusals_enter(d->refusals, d->p->store, f);
}
