#include "port/ledger/ledger_prune.h"

#include "port/ledger/ledger_store.h"

int
ledger_prune_each(struct store *s, int64_t before, ledger_row_id_fn *fn,
    void *ctx, struct fail *f)
{
	return s->ledger->ops->each_old(s->ledger, before, fn, ctx, f);
}

int
ledger_prune_mailing(struct store *s, struct str email_id, struct fail *f)
{
	return s->ledger->ops->prune(s->ledger, email_id, f);
}
