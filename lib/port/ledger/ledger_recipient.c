#include "port/ledger/ledger_recipient.h"

#include "port/ledger/ledger_store.h"

int
ledger_recipient_settle(struct store *s, const struct ledger_decision_word *w,
    int *was, struct fail *f)
{
	return s->ledger->ops->settle(s->ledger, w, was, f);
}

long long
ledger_recipient_reopen(
    struct store *s, const struct ledger_decision_reopen *r, struct fail *f)
{
	return s->ledger->ops->reopen(s->ledger, r, f);
}
