#include "port/ledger/ledger_admin.h"

#include "port/ledger/ledger_store.h"

int
ledger_admin_set_state(struct store *s, struct str email_id,
    enum ledger_state state, struct fail *f)
{
	return s->ledger->ops->set_state(s->ledger, email_id, state, f);
}

int
ledger_admin_assume_sent(struct store *s, struct str email_id, int64_t now,
    long long *count, struct fail *f)
{
	return s->ledger->ops->assume_sent(s->ledger, email_id, now, count, f);
}

int
ledger_admin_mark_uncertain(struct store *s, struct str email_id, int64_t now,
    bool *known, struct fail *f)
{
	return s->ledger->ops->mark_uncertain(
	    s->ledger, email_id, now, known, f);
}

int
ledger_admin_accept_older(struct store *s, int64_t now,
    struct ledger_decision_accepted *a, struct fail *f)
{
	return s->ledger->ops->accept_older(s->ledger, now, a, f);
}
