#include "port/ledger/ledger_plan.h"

#include "port/ledger/ledger_store.h"

int
ledger_plan_store(struct store *s, const struct ledger_decision_plan *p,
    int64_t now, struct fail *f)
{
	return s->ledger->ops->store_plan(s->ledger, p, now, f);
}

int
ledger_plan_read(struct store *s, struct str email_id,
    struct ledger_decision_plan *p, struct arena *a, struct fail *f)
{
	return s->ledger->ops->read_plan(s->ledger, email_id, p, a, f);
}
