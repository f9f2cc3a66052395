#include "port/ledger/ledger_verify.h"

#include "base/buf.h"
#include "mail/record/coverage.h"
#include "mail/record/plan_keys.h"
#include "port/ledger/ledger_store.h"
#include "port/ledger/ledger_visit.h"

int
ledger_verify(struct store *s, struct str id, ledger_row_check_fn *fn,
    void *ctx, struct fail *f)
{
	return s->ledger->ops->verify(s->ledger, id, fn, ctx, f);
}

static int
cover_key(void *ctx, const struct report_row *row, struct fail *f)
{
	(void)f;
	coverage_add(ctx, row->key);
	return 0;
}

int
ledger_verify_keys(struct store *s, struct str id, struct str keys,
    ledger_row_check_fn *fn, void *ctx, struct fail *f)
{
	struct coverage *coverage = coverage_new(keys);
	struct buf against = {0};
	struct str first;
	int result =
	    ledger_visit_rows(s, id, LEDGER_ROW_KEYS, cover_key, coverage, f);
	long long missing = coverage_missing(coverage, &first);

	if (missing > 0)
		buf_printf(&against, "%lld are in none, %.*s among them",
		    missing, (int)first.n, first.p);
	if (result == 0)
		result = fn(ctx, "every recipient of the plan is in a state",
		    missing > 0 ? buf_cstr(&against) : NULL, f);
	buf_free(&against);
	coverage_free(coverage);
	return result;
}

struct hashing {
	struct plan_keys *keys;
	long long count;
};

static int
hash_key(void *ctx, const struct report_row *row, struct fail *f)
{
	struct hashing *h = ctx;

	(void)f;
	plan_keys_add(h->keys, row->key);
	h->count++;
	return 0;
}

int
ledger_verify_plan(struct store *s, struct str id, const struct plan *plan,
    ledger_row_check_fn *fn, void *ctx, struct fail *f)
{
	struct hashing h = {plan_keys_new(), 0};
	struct buf hex = {0}, against = {0};
	int result = ledger_visit_rows(s, id, LEDGER_ROW_KEYS, hash_key, &h, f);

	plan_keys_finish(h.keys, &hex);
	if (h.count != plan->count)
		buf_printf(&against, "%lld of %lld are in a state", h.count,
		    plan->count);
	else if (!str_eq(buf_str(&hex), plan->keys_sha256))
		buf_adds(&against, "as many, but other people");
	if (result == 0)
		result = fn(ctx, "the recipients are those of the plan",
		    against.len > 0 ? buf_cstr(&against) : NULL, f);
	buf_free(&hex);
	buf_free(&against);
	return result;
}
