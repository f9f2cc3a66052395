#include "port/ledger/ledger.h"

#include "port/ledger/ledger_ops.h"
#include "port/ledger/ledger_store.h"

int
ledger_open(struct ledger **out, struct store *s, enum ledger_durability d,
    const struct recovery_notes *notes, struct fail *f)
{
	return s->ledger->ops->open(out, s->ledger, d, notes, f);
}

int
ledger_recover(
    struct store *s, const struct recovery_notes *notes, struct fail *f)
{
	return s->ledger->ops->recover(s->ledger, notes, f);
}

int
ledger_close(struct ledger *l, struct fail *f)
{
	return l->ops->close(l, f);
}

int
ledger_claim(struct ledger *l, struct ledger_item **items, size_t n,
    const struct claim_policy *policy, int64_t now, struct fail *f)
{
	return l->ops->claim(l, items, n, policy, now, f);
}

int
ledger_look(struct ledger *l, struct ledger_item *it, struct fail *f)
{
	return l->ops->look(l, it, f);
}

void
ledger_intend(struct ledger *l, const struct ledger_item *it, int64_t now)
{
	l->ops->intend(l, it, now);
}

void
ledger_settle(struct ledger *l, const struct ledger_item *it,
    const struct outcome *o, int64_t now)
{
	l->ops->settle(l, it, o, now);
}

void
ledger_release(struct ledger *l, const struct ledger_item *it)
{
	l->ops->release(l, it);
}

int
ledger_withdraw(struct ledger *l, const struct ledger_item *it,
    const struct outcome *o, int64_t now, struct fail *f)
{
	return l->ops->withdraw(l, it, o, now, f);
}

int
ledger_sync(struct ledger *l, struct fail *f)
{
	return l->ops->sync(l, f);
}

int
ledger_rescue(struct ledger *l, struct fail *f)
{
	return l->ops->rescue(l, f);
}

bool
ledger_unsynced(const struct ledger *l)
{
	return l->ops->unsynced(l);
}

bool
ledger_waits_for_disk(const struct ledger *l)
{
	return l->waits_for_disk;
}

enum ledger_grant
ledger_grant(struct ledger *l, struct ledger_item *it)
{
	return l->ops->grant(l, it);
}

int
ledger_fold(struct ledger *l, int64_t now, struct fail *f)
{
	return l->ops->fold(l, now, f);
}

int
ledger_flush(struct ledger *l, struct fail *f)
{
	return l->ops->flush(l, f);
}
