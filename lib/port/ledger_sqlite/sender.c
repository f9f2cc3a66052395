#include "port/ledger_sqlite/sender.h"

#include <stdlib.h>

#include "base/mem.h"
#include "port/ledger/ledger_ops.h"
#include "port/ledger_sqlite/claim.h"
#include "port/ledger_sqlite/facts.h"
#include "port/ledger_sqlite/look.h"
#include "port/ledger_sqlite/recovery.h"

struct sender {
	struct ledger ledger;
	struct db *db;
	struct recovery *recovery;
	struct claim *claim;
	struct look *look;
	struct facts facts;
};

static struct sender *
sender_of(struct ledger *l)
{
	return (struct sender *)l;
}

static void
free_sender(struct sender *s)
{
	facts_free(&s->facts);
	recovery_close(s->recovery);
	look_close(s->look);
	claim_close(s->claim);
	free(s);
}

/* Moves the busy items to the front; their number. */
static size_t
pick_busy(struct ledger_item **items, size_t n)
{
	size_t busy = 0;

	for (size_t i = 0; i < n; i++) {
		struct ledger_item *it = items[i];

		if (it->verdict == CLAIM_BUSY) {
			items[i] = items[busy];
			items[busy++] = it;
		}
	}
	return busy;
}

static int
claim_chunk(struct ledger *l, struct ledger_item **items, size_t n,
    const struct claim_policy *policy, int64_t now, struct fail *f)
{
	struct sender *s = sender_of(l);
	struct journal_place place;
	size_t busy;

	if (facts_begin(&s->facts, &place, f) < 0 ||
	    claim_items(s->claim, &place, items, n, policy, now, f) < 0)
		return -1;
	busy = pick_busy(items, n);
	if (busy == 0)
		return 0;
	/* Their owner may have died since we opened the ledger. */
	if (recovery_run(s->recovery, f) < 0)
		return -1;
	return claim_items(s->claim, &place, items, busy, policy, now, f);
}

static int
look_again(struct ledger *l, struct ledger_item *it, struct fail *f)
{
	return look_read(sender_of(l)->look, it, f);
}

static void
intend_item(struct ledger *l, const struct ledger_item *it, int64_t now)
{
	facts_intend(&sender_of(l)->facts, it, now);
}

static void
settle_item(struct ledger *l, const struct ledger_item *it,
    const struct outcome *o, int64_t now)
{
	facts_settle(&sender_of(l)->facts, it, o, now);
}

static void
release_item(struct ledger *l, const struct ledger_item *it)
{
	facts_release(&sender_of(l)->facts, it);
}

static int
withdraw_item(struct ledger *l, const struct ledger_item *it,
    const struct outcome *o, int64_t now, struct fail *f)
{
	return facts_withdraw(&sender_of(l)->facts, it, o, now, f);
}

static int
sync_facts(struct ledger *l, struct fail *f)
{
	return facts_sync(&sender_of(l)->facts, f);
}

static int
rescue_facts(struct ledger *l, struct fail *f)
{
	return facts_rescue(&sender_of(l)->facts, f);
}

static bool
has_unsynced(const struct ledger *l)
{
	return facts_unsynced(&((const struct sender *)l)->facts);
}

/* Nobody takes a row from an owner whose journal is locked. */
static enum ledger_grant
tell_grant(struct ledger *l, struct ledger_item *it)
{
	(void)it;
	return has_unsynced(l) ? LEDGER_GRANT_PENDING : LEDGER_GRANTED;
}

static int
fold_facts(struct ledger *l, int64_t now, struct fail *f)
{
	return facts_fold(&sender_of(l)->facts, now, f);
}

static int
flush_facts(struct ledger *l, struct fail *f)
{
	return facts_flush(&sender_of(l)->facts, f);
}

static int
close_sender(struct ledger *l, struct fail *f)
{
	struct sender *s = sender_of(l);
	int rc = facts_end(&s->facts, s->recovery, f);

	free_sender(s);
	return rc;
}

static const struct ledger_ops ops = {
    .close = close_sender,
    .claim = claim_chunk,
    .look = look_again,
    .intend = intend_item,
    .settle = settle_item,
    .release = release_item,
    .withdraw = withdraw_item,
    .sync = sync_facts,
    .rescue = rescue_facts,
    .unsynced = has_unsynced,
    .grant = tell_grant,
    .fold = fold_facts,
    .flush = flush_facts,
};

int
sender_open(struct ledger **out, struct store *store, struct db *db,
    enum ledger_durability d, const struct recovery_notes *notes,
    struct fail *f)
{
	struct sender *s = mem_new(sizeof(*s));
	bool durable = d == LEDGER_POWER;

	s->ledger.ops = &ops;
	s->ledger.waits_for_disk = durable;
	s->db = db;
	if (look_open(&s->look, store, db, f) < 0 ||
	    claim_open(&s->claim, db, s->look, !durable, f) < 0 ||
	    facts_init(&s->facts, db, durable, f) < 0 ||
	    recovery_open(&s->recovery, db, notes, f) < 0 ||
	    recovery_run(s->recovery, f) < 0) {
		free_sender(s);
		return -1;
	}
	*out = &s->ledger;
	return 0;
}
