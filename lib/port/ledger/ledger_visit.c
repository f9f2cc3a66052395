#include "port/ledger/ledger_visit.h"

#include "port/ledger/ledger_store.h"

int
ledger_visit_mailing(struct store *s, struct str email_id,
    struct ledger_row_mailing *m, struct arena *a, struct fail *f)
{
	return s->ledger->ops->mailing(s->ledger, email_id, m, a, f);
}

int
ledger_visit_mailings(
    struct store *s, ledger_row_id_fn *fn, void *ctx, struct fail *f)
{
	return s->ledger->ops->each_mailing(s->ledger, fn, ctx, f);
}

int
ledger_visit_rows(struct store *s, struct str email_id,
    enum ledger_row_part part, ledger_row_fn *fn, void *ctx, struct fail *f)
{
	return s->ledger->ops->each_row(s->ledger, email_id, part, fn, ctx, f);
}

int
ledger_visit_owners(
    struct store *s, ledger_row_owner_fn *fn, void *ctx, struct fail *f)
{
	return s->ledger->ops->each_owner(s->ledger, fn, ctx, f);
}
