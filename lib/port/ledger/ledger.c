#include "port/ledger/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "mail/record/journal_record.h"
#include "port/db/transaction.h"
#include "port/ledger/claim.h"
#include "port/ledger/fold.h"
#include "port/ledger/journal.h"

#define FOLD_RECORDS 256
#define FOLD_MS 250
#define JOURNAL_MAX (4u << 20) /* bytes; a longer journal is rewritten */

static const char SQL_STATE[] = "SELECT state FROM emails WHERE id=?1";

/* An intent without an outcome yet. */
struct pending {
	const struct ledger_item *item;
	int64_t at;
};

struct ledger {
	struct db *db;
	enum ledger_durability durability;
	struct fold *fold;
	struct journal *journal; /* made by the first claim */
	struct buf fresh;        /* lines that are not in the journal yet */

	/* Outcomes and releases that are not in the rows yet. */
	struct journal_record *settled;
	size_t settled_count, settled_cap;
	int64_t settled_since;
	struct arena *arena; /* of their strings */

	struct pending *pending;
	size_t pending_count, pending_cap;
	struct claim *claim;
	struct db_statement *state;
};

static int
open_parts(struct ledger *l, struct fail *f)
{
	bool lazy = l->durability == LEDGER_PROCESS;

	if (db_prepare(l->db, &l->state, SQL_STATE, f) < 0 ||
	    claim_open(&l->claim, l->db, lazy, f) < 0)
		return -1;
	return fold_open(&l->fold, l->db, f);
}

/* Synced, since the owner's journal is removed next. */
static int
fold_synced(void *ctx, const char *owner, struct str lines, struct fail *f)
{
	struct ledger *l = ctx;

	if (fold_dead(l->fold, owner, lines, f) < 0)
		return -1;
	return db_sync(l->db, f);
}

static int
fold_dead_owners(struct ledger *l, struct fail *f)
{
	if (journal_each_dead(db_run_dir(l->db), fold_synced, l, f) < 0)
		return -1;
	return fold_orphans(l->fold, f);
}

static void
free_ledger(struct ledger *l)
{
	fold_close(l->fold);
	claim_close(l->claim);
	buf_free(&l->fresh);
	arena_free(l->arena);
	free(l->settled);
	free(l->pending);
	free(l);
}

int
ledger_open(struct ledger **out, struct db *db, enum ledger_durability d,
    struct fail *f)
{
	struct ledger *l = mem_new(sizeof(*l));

	l->db = db;
	l->durability = d;
	l->arena = arena_new();
	if (open_parts(l, f) < 0 || fold_dead_owners(l, f) < 0) {
		free_ledger(l);
		return -1;
	}
	*out = l;
	return 0;
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

int
ledger_claim(struct ledger *l, struct ledger_item **items, size_t n,
    const struct claim_policy *policy, int64_t now, struct fail *f)
{
	size_t busy;

	if (l->journal == NULL &&
	    journal_open(&l->journal, db_run_dir(l->db), f) < 0)
		return -1;
	if (claim_items(l->claim, journal_owner(l->journal), items, n, policy,
		now, f) < 0)
		return -1;
	busy = pick_busy(items, n);
	if (busy == 0)
		return 0;
	/* Their owner may have died since we opened the ledger. */
	if (fold_dead_owners(l, f) < 0)
		return -1;
	return claim_items(
	    l->claim, journal_owner(l->journal), items, busy, policy, now, f);
}

static void
add_pending(struct ledger *l, const struct ledger_item *it, int64_t at)
{
	l->pending = mem_more(
	    l->pending, l->pending_count, &l->pending_cap, sizeof(*l->pending));
	l->pending[l->pending_count++] = (struct pending){it, at};
}

static void
drop_pending(struct ledger *l, const struct ledger_item *it)
{
	for (size_t i = 0; i < l->pending_count; i++) {
		if (l->pending[i].item == it) {
			l->pending[i] = l->pending[--l->pending_count];
			return;
		}
	}
}

static struct journal_record
make_record(
    enum journal_record_kind kind, const struct ledger_item *it, int64_t now)
{
	return (struct journal_record){.kind = kind,
	    .email_id = it->email_id,
	    .key = it->key,
	    .at = now,
	    .attempt = it->attempt};
}

void
ledger_intend(struct ledger *l, const struct ledger_item *it, int64_t now)
{
	struct journal_record record = make_record(JOURNAL_INTENT, it, now);

	drop_pending(l, it); /* a transport may start over */
	add_pending(l, it, now);
	journal_record_put(&l->fresh, &record);
}

/* The record ends an intent: the item's row is released by the next fold. */
static void
add_settled(struct ledger *l, const struct ledger_item *it,
    struct journal_record record)
{
	drop_pending(l, it);
	journal_record_put(&l->fresh, &record);
	journal_record_keep(&record, l->arena);
	l->settled = mem_more(
	    l->settled, l->settled_count, &l->settled_cap, sizeof(*l->settled));
	if (l->settled_count == 0)
		l->settled_since = record.at;
	l->settled[l->settled_count++] = record;
}

void
ledger_settle(struct ledger *l, const struct ledger_item *it,
    const struct outcome *o, int64_t now)
{
	struct journal_record record = make_record(JOURNAL_OUTCOME, it, now);

	record.outcome = *o;
	add_settled(l, it, record);
}

void
ledger_release(struct ledger *l, const struct ledger_item *it)
{
	/* At time 0, so that ledger_fold() does not wait for others. */
	add_settled(l, it, make_record(JOURNAL_RELEASE, it, 0));
}

bool
ledger_unsynced(const struct ledger *l)
{
	return l->fresh.len > 0;
}

bool
ledger_waits_for_disk(const struct ledger *l)
{
	return l->durability == LEDGER_POWER;
}

int
ledger_sync(struct ledger *l, struct fail *f)
{
	if (l->fresh.len == 0)
		return 0;
	if (journal_write(l->journal, buf_str(&l->fresh),
		l->durability == LEDGER_POWER, f) < 0)
		return -1;
	buf_reset(&l->fresh);
	return 0;
}

/* Folded records are in the rows; only open intents must be kept. */
static int
renew_journal(struct ledger *l, struct fail *f)
{
	struct buf keep = {0};
	int rc;

	for (size_t i = 0; i < l->pending_count; i++) {
		struct journal_record record = make_record(
		    JOURNAL_INTENT, l->pending[i].item, l->pending[i].at);

		journal_record_put(&keep, &record);
	}
	rc = journal_rewrite(l->journal, buf_str(&keep), f);
	buf_free(&keep);
	return rc;
}

/* The rows are synced only when the journal is rewritten without them. */
static int
fold_settled(struct ledger *l, struct fail *f)
{
	if (fold_live(l->fold, journal_owner(l->journal), l->settled,
		l->settled_count, f) < 0)
		return -1;
	l->settled_count = 0;
	arena_reset(l->arena);
	if (journal_size(l->journal) <= JOURNAL_MAX)
		return 0;
	return db_sync(l->db, f) < 0 ? -1 : renew_journal(l, f);
}

int
ledger_fold(struct ledger *l, int64_t now, struct fail *f)
{
	/* A clock that was set back must not delay folding. */
	if (l->settled_count < FOLD_RECORDS && now >= l->settled_since &&
	    now < l->settled_since + FOLD_MS)
		return 0;
	return ledger_flush(l, f);
}

int
ledger_flush(struct ledger *l, struct fail *f)
{
	if (ledger_sync(l, f) < 0)
		return -1;
	return l->settled_count > 0 ? fold_settled(l, f) : 0;
}

/*
 * Unsettled items end as they would after a crash, by the same code. They may
 * be freed by now, so their names are read from the journal.
 */
static int
fold_journal(struct ledger *l, struct fail *f)
{
	const char *owner = journal_owner(l->journal);
	struct buf all = {0};
	int rc = ledger_sync(l, f);

	if (rc == 0)
		rc = fold_live(l->fold, owner, l->settled, l->settled_count, f);
	if (rc == 0 && l->pending_count > 0)
		rc = journal_read(l->journal, &all, f);
	if (rc == 0)
		rc = fold_synced(l, owner, buf_str(&all), f);
	buf_free(&all);
	return rc;
}

int
ledger_close(struct ledger *l, struct fail *f)
{
	int rc = 0;

	if (l->journal != NULL) {
		rc = fold_journal(l, f);
		journal_close(l->journal, rc == 0);
	}
	free_ledger(l);
	return rc;
}

int
ledger_recover(struct db *db, struct fail *f)
{
	struct ledger *l;

	if (ledger_open(&l, db, LEDGER_POWER, f) < 0)
		return -1;
	return ledger_close(l, f);
}

int
ledger_mailing_state(struct ledger *l, struct str email_id,
    enum ledger_state *state, struct fail *f)
{
	int rc;

	db_bind(l->state, 1, email_id);
	rc = db_step(l->db, l->state, f);
	if (rc < 0)
		return db_fail(l->db, f, "ledger");
	*state =
	    rc == 1 ? ledger_state_parse(db_text(l->state, 0)) : LEDGER_OPEN;
	db_reset(l->state);
	return rc;
}
