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
#include "port/ledger/journal_dir.h"
#include "port/ledger/pending.h"
#include "port/ledger/recovery.h"
#include "port/ledger/settled.h"

#define FOLD_RECORDS 256
#define FOLD_MS 250
#define JOURNAL_MAX (4u << 20) /* bytes; a longer journal is rewritten */

static const char SQL_STATE[] = "SELECT state FROM emails WHERE id=?1";

struct ledger {
	struct db *db;
	enum ledger_durability durability;
	struct fold *fold;
	struct recovery *recovery;
	struct journal *journal; /* made by the first claim */
	bool owes_sync;          /* for lines that are written only */

	bool unfolded; /* the journal has records since the last fold */
	int64_t unfolded_since;

	struct settled settled;
	struct pending pending;
	struct claim *claim;
	struct db_statement *state;
};

static int
open_parts(struct ledger *l, const struct recovery_notes *notes, struct fail *f)
{
	bool lazy = l->durability == LEDGER_PROCESS;

	if (db_prepare(l->db, &l->state, SQL_STATE, f) < 0 ||
	    claim_open(&l->claim, l->db, lazy, f) < 0 ||
	    fold_open(&l->fold, l->db, lazy, f) < 0)
		return -1;
	return recovery_open(&l->recovery, l->db, notes, f);
}

static void
free_ledger(struct ledger *l)
{
	pending_free(&l->pending);
	recovery_close(l->recovery);
	fold_close(l->fold);
	claim_close(l->claim);
	settled_free(&l->settled);
	free(l);
}

int
ledger_open(struct ledger **out, struct db *db, enum ledger_durability d,
    const struct recovery_notes *notes, struct fail *f)
{
	struct ledger *l = mem_new(sizeof(*l));

	l->db = db;
	l->durability = d;
	if (open_parts(l, notes, f) < 0 || recovery_run(l->recovery, f) < 0) {
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
	struct journal_place place;
	size_t busy;

	if (l->journal == NULL && journal_open(&l->journal, db_run_dir(l->db),
				      l->durability == LEDGER_POWER, f) < 0)
		return -1;
	place = journal_place(l->journal);
	if (claim_items(l->claim, &place, items, n, policy, now, f) < 0)
		return -1;
	busy = pick_busy(items, n);
	if (busy == 0)
		return 0;
	/* Their owner may have died since we opened the ledger. */
	if (recovery_run(l->recovery, f) < 0)
		return -1;
	return claim_items(l->claim, &place, items, busy, policy, now, f);
}

static struct journal_record
make_record(
    enum journal_record_kind kind, const struct ledger_item *it, int64_t now)
{
	return (struct journal_record){.kind = kind,
	    .email_id = it->email_id,
	    .key = it->key,
	    .course_id = it->course_id,
	    .content = it->content,
	    .subject = it->subject,
	    .at = now,
	    .attempt = it->attempt};
}

/*
 * A record for the journal, which the next fold is to make known. Beyond it so
 * many outcomes will find a place, even if the disk is full by then.
 */
static void
put_record(
    struct ledger *l, const struct journal_record *record, size_t outcomes)
{
	if (!l->unfolded)
		l->unfolded_since = record->at;
	l->unfolded = true;
	journal_keep_room(l->journal, outcomes);
	journal_put(l->journal, record);
}

void
ledger_intend(struct ledger *l, const struct ledger_item *it, int64_t now)
{
	struct pending_entry p = {
	    it, make_record(JOURNAL_INTENT, it, now), NULL};

	pending_add(&l->pending, p);
	put_record(l, &p.record, l->pending.count);
}

/*
 * The line needs no sync: without it the item is in doubt, as it was. Lines
 * that wait for a sync keep waiting for it.
 */
int
ledger_withdraw(struct ledger *l, const struct ledger_item *it,
    const struct outcome *o, int64_t now, struct fail *f)
{
	struct pending_entry p = {
	    it, make_record(JOURNAL_OUTCOME, it, now), arena_new()};

	p.record.outcome = *o;
	journal_record_keep(&p.record, p.arena);
	l->owes_sync = ledger_unsynced(l);
	pending_add(&l->pending, p);
	/* In the place that was kept for its outcome. */
	put_record(l, &p.record, l->pending.count - 1);
	return journal_write(l->journal, f);
}

/* The record ends an intent: the item's row is released by the next fold. */
static void
add_settled(struct ledger *l, const struct ledger_item *it,
    struct journal_record record)
{
	pending_drop(&l->pending, it);
	put_record(l, &record, l->pending.count);
	settled_add(&l->settled, record);
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
	struct journal_record record = make_record(JOURNAL_RELEASE, it, 0);

	/* At time 0, so that ledger_fold() does not wait for others. */
	record.course_id = (struct str){0};
	l->unfolded = false;
	add_settled(l, it, record);
}

bool
ledger_unsynced(const struct ledger *l)
{
	return l->owes_sync ||
	       (l->journal != NULL && journal_unsynced(l->journal));
}

bool
ledger_waits_for_disk(const struct ledger *l)
{
	return l->durability == LEDGER_POWER;
}

int
ledger_sync(struct ledger *l, struct fail *f)
{
	if (l->journal == NULL)
		return 0;
	l->owes_sync = false;
	return journal_sync(l->journal, f);
}

/* Folded records are in the rows; only open intents must be kept. */
static int
renew_journal(struct ledger *l, struct fail *f)
{
	struct journal_record *keep =
	    mem_grow(NULL, l->pending.count + 1, sizeof(*keep));
	int rc;

	for (size_t i = 0; i < l->pending.count; i++)
		keep[i] = l->pending.entries[i].record;
	journal_keep_room(l->journal, l->pending.count);
	rc = journal_renew(l->journal, keep, l->pending.count, f);
	free(keep);
	return rc;
}

static int
fold_rows(struct ledger *l, struct fail *f)
{
	struct journal_place place = journal_place(l->journal);

	if (fold_live(
		l->fold, &place, l->settled.records, l->settled.count, f) < 0)
		return -1;
	settled_reset(&l->settled);
	l->unfolded = false;
	return 0;
}

/* The rows are synced only when the journal is renewed without them. */
static int
fold_settled(struct ledger *l, struct fail *f)
{
	if (fold_rows(l, f) < 0)
		return -1;
	if (journal_place(l->journal).known.size <= JOURNAL_MAX)
		return 0;
	return db_sync(l->db, f) < 0 ? -1 : renew_journal(l, f);
}

/*
 * Records that settle nothing are folded, too: a journal that is replaced by an
 * older copy then shows.
 */
int
ledger_fold(struct ledger *l, int64_t now, struct fail *f)
{
	/* A clock that was set back must not delay folding. */
	if (!l->unfolded ||
	    (l->settled.count < FOLD_RECORDS && now >= l->unfolded_since &&
		now < l->unfolded_since + FOLD_MS))
		return 0;
	return ledger_sync(l, f) < 0 ? -1 : fold_settled(l, f);
}

int
ledger_flush(struct ledger *l, struct fail *f)
{
	if (ledger_sync(l, f) < 0)
		return -1;
	return l->settled.count > 0 ? fold_settled(l, f) : 0;
}

int
ledger_rescue(struct ledger *l, struct fail *f)
{
	struct fail ignored;

	if (ledger_sync(l, f) == 0)
		return 0;
	return fold_rows(l, &ignored) < 0 || db_sync(l->db, &ignored) < 0 ? -1
									  : 0;
}

/*
 * Unsettled items end as they would after a crash, by the same code. They may
 * be freed by now, so their names are read from the journal.
 */
static int
fold_pending(struct ledger *l, enum journal_end *end, struct fail *f)
{
	struct buf all = {0};
	int rc = journal_read(l->journal, &all, f);

	if (rc == 0)
		rc = recovery_fold(
		    l->recovery, journal_owner(l->journal), buf_str(&all), f);
	if (rc == JOURNAL_DIR_SET_ASIDE)
		*end = JOURNAL_SET_ASIDE;
	buf_free(&all);
	return rc < 0 ? -1 : 0;
}

/* Items whose intent was withdrawn are known: nobody tries them again. */
static void
settle_withdrawn(struct ledger *l)
{
	for (size_t i = l->pending.count; i-- > 0;) {
		struct pending_entry *p = &l->pending.entries[i];

		if (p->record.kind != JOURNAL_OUTCOME)
			continue;
		settled_add(&l->settled, p->record);
		pending_drop(&l->pending, p->item);
	}
}

static int
fold_journal(struct ledger *l, enum journal_end *end, struct fail *f)
{
	struct journal_place place = journal_place(l->journal);

	*end = JOURNAL_REMOVE;
	settle_withdrawn(l);
	if (fold_rows(l, f) < 0)
		return -1;
	if (l->pending.count > 0)
		return fold_pending(l, end, f);
	return recovery_release(l->recovery, &place, f);
}

/* A journal that fails ends in the rows all the same: they have all of it. */
int
ledger_close(struct ledger *l, struct fail *f)
{
	enum journal_end end = JOURNAL_KEEP;
	struct fail folding;
	int rc = 0;

	if (l->journal != NULL) {
		rc = ledger_sync(l, f);
		if (fold_journal(l, &end, rc < 0 ? &folding : f) < 0) {
			end = JOURNAL_KEEP;
			rc = -1;
		}
		journal_close(l->journal, end);
	}
	free_ledger(l);
	return rc;
}

int
ledger_recover(
    struct db *db, const struct recovery_notes *notes, struct fail *f)
{
	struct ledger *l;

	if (ledger_open(&l, db, LEDGER_POWER, notes, f) < 0)
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
