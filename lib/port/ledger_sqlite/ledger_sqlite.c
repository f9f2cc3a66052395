#include "port/ledger_sqlite/ledger_sqlite.h"

#include <stdlib.h>

#include "base/mem.h"
#include "port/ledger_sqlite/decision.h"
#include "port/ledger_sqlite/owners.h"
#include "port/ledger_sqlite/plans.h"
#include "port/ledger_sqlite/prune.h"
#include "port/ledger_sqlite/recovery.h"
#include "port/ledger_sqlite/reopen.h"
#include "port/ledger_sqlite/rows.h"
#include "port/ledger_sqlite/sender.h"
#include "port/ledger_sqlite/settle_row.h"
#include "port/ledger_sqlite/verify.h"

struct ledger_sqlite {
	struct ledger_store ledger; /* the first member */
	struct store *store;
	struct db *db;
};

static struct db *
db_of(struct ledger_store *s)
{
	return ((struct ledger_sqlite *)s)->db;
}

static int
open_sender(struct ledger **out, struct ledger_store *s,
    enum ledger_durability d, const struct recovery_notes *notes,
    struct fail *f)
{
	return sender_open(
	    out, ((struct ledger_sqlite *)s)->store, db_of(s), d, notes, f);
}

static int
recover_dead(
    struct ledger_store *s, const struct recovery_notes *notes, struct fail *f)
{
	return recovery_once(db_of(s), notes, f);
}

static int
set_state(struct ledger_store *s, struct str email_id, enum ledger_state state,
    struct fail *f)
{
	return decision_set_state(db_of(s), email_id, state, f);
}

static int
assume_sent(struct ledger_store *s, struct str email_id, int64_t now,
    long long *count, struct fail *f)
{
	return decision_assume_sent(db_of(s), email_id, now, count, f);
}

static int
mark_uncertain(struct ledger_store *s, struct str email_id, int64_t now,
    bool *known, struct fail *f)
{
	return decision_mark_uncertain(db_of(s), email_id, now, known, f);
}

static int
accept_older(struct ledger_store *s, int64_t now,
    struct ledger_decision_accepted *a, struct fail *f)
{
	return decision_accept_older(db_of(s), now, a, f);
}

static int
settle_recipient(struct ledger_store *s, const struct ledger_decision_word *w,
    int *was, struct fail *f)
{
	return settle_row(db_of(s), w, was, f);
}

static long long
reopen_recipients(struct ledger_store *s,
    const struct ledger_decision_reopen *r, struct fail *f)
{
	return reopen_rows(db_of(s), r, f);
}

static int
each_old(struct ledger_store *s, int64_t before, ledger_row_id_fn *fn,
    void *ctx, struct fail *f)
{
	return prune_each(db_of(s), before, fn, ctx, f);
}

static int
prune_one(struct ledger_store *s, struct str email_id, struct fail *f)
{
	return prune_mailing(db_of(s), email_id, f);
}

static int
store_plan(struct ledger_store *s, const struct ledger_decision_plan *p,
    int64_t now, struct fail *f)
{
	return plans_store(db_of(s), p, now, f);
}

static int
find_plan(struct ledger_store *s, struct str email_id,
    struct ledger_decision_plan *p, struct arena *a, struct fail *f)
{
	return plans_read(db_of(s), email_id, p, a, f);
}

static int
each_mailing(
    struct ledger_store *s, ledger_row_id_fn *fn, void *ctx, struct fail *f)
{
	return rows_each_mailing(db_of(s), fn, ctx, f);
}

static int
read_mailing(struct ledger_store *s, struct str email_id,
    struct ledger_row_mailing *m, struct arena *a, struct fail *f)
{
	return rows_mailing(db_of(s), email_id, m, a, f);
}

static int
each_row(struct ledger_store *s, struct str email_id, enum ledger_row_part part,
    ledger_row_fn *fn, void *ctx, struct fail *f)
{
	return rows_each(db_of(s), email_id, part, fn, ctx, f);
}

static int
each_owner(
    struct ledger_store *s, ledger_row_owner_fn *fn, void *ctx, struct fail *f)
{
	return owners_each(db_of(s), fn, ctx, f);
}

static int
verify_promises(struct ledger_store *s, struct str email_id,
    ledger_row_check_fn *fn, void *ctx, struct fail *f)
{
	return verify_ledger(db_of(s), email_id, fn, ctx, f);
}

static const struct ledger_store_ops operations = {
    .open = open_sender,
    .recover = recover_dead,
    .set_state = set_state,
    .assume_sent = assume_sent,
    .mark_uncertain = mark_uncertain,
    .accept_older = accept_older,
    .settle = settle_recipient,
    .reopen = reopen_recipients,
    .each_old = each_old,
    .prune = prune_one,
    .store_plan = store_plan,
    .read_plan = find_plan,
    .each_mailing = each_mailing,
    .mailing = read_mailing,
    .each_row = each_row,
    .each_owner = each_owner,
    .verify = verify_promises,
};

struct ledger_store *
ledger_sqlite_new(struct store *store, struct db *db)
{
	struct ledger_sqlite *s = mem_new(sizeof(*s));

	s->ledger.ops = &operations;
	s->store = store;
	s->db = db;
	return &s->ledger;
}

void
ledger_sqlite_free(struct ledger_store *s)
{
	free(s);
}
