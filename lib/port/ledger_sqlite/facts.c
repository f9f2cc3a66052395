#include "port/ledger_sqlite/facts.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "mail/record/journal_record.h"
#include "port/ledger_sqlite/journal_dir.h"

#define FOLD_RECORDS 256
#define FOLD_MS 250
#define JOURNAL_MAX (4u << 20) /* bytes; a longer journal is rewritten */

int
facts_init(struct facts *fs, struct db *db, bool durable, struct fail *f)
{
	*fs = (struct facts){.db = db, .durable = durable};
	return fold_open(&fs->fold, db, !durable, f);
}

int
facts_begin(struct facts *fs, struct journal_place *place, struct fail *f)
{
	if (fs->journal == NULL &&
	    journal_open(&fs->journal, db_run_dir(fs->db), fs->durable, f) < 0)
		return -1;
	*place = journal_place(fs->journal);
	return 0;
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
    struct facts *fs, const struct journal_record *record, size_t outcomes)
{
	if (!fs->unfolded)
		fs->unfolded_since = record->at;
	fs->unfolded = true;
	journal_keep_room(fs->journal, outcomes);
	journal_put(fs->journal, record);
}

void
facts_intend(struct facts *fs, const struct ledger_item *it, int64_t now)
{
	struct pending_entry p = {
	    it, make_record(JOURNAL_INTENT, it, now), NULL};

	pending_add(&fs->pending, p);
	put_record(fs, &p.record, fs->pending.count);
}

/*
 * The line needs no sync: without it the item is in doubt, as it was. Lines
 * that wait for a sync keep waiting for it.
 */
int
facts_withdraw(struct facts *fs, const struct ledger_item *it,
    const struct outcome *o, int64_t now, struct fail *f)
{
	struct pending_entry p = {
	    it, make_record(JOURNAL_OUTCOME, it, now), arena_new()};

	p.record.outcome = *o;
	journal_record_keep(&p.record, p.arena);
	fs->owes_sync = facts_unsynced(fs);
	pending_add(&fs->pending, p);
	/* In the place that was kept for its outcome. */
	put_record(fs, &p.record, fs->pending.count - 1);
	return journal_write(fs->journal, f);
}

/* The record ends an intent: the item's row is released by the next fold. */
static void
add_settled(struct facts *fs, const struct ledger_item *it,
    struct journal_record record)
{
	pending_drop(&fs->pending, it);
	put_record(fs, &record, fs->pending.count);
	settled_add(&fs->settled, record);
}

void
facts_settle(struct facts *fs, const struct ledger_item *it,
    const struct outcome *o, int64_t now)
{
	struct journal_record record = make_record(JOURNAL_OUTCOME, it, now);

	record.outcome = *o;
	add_settled(fs, it, record);
}

void
facts_release(struct facts *fs, const struct ledger_item *it)
{
	struct journal_record record = make_record(JOURNAL_RELEASE, it, 0);

	/* At time 0, so that facts_fold() does not wait for others. */
	record.course_id = (struct str){0};
	fs->unfolded = false;
	add_settled(fs, it, record);
}

bool
facts_unsynced(const struct facts *fs)
{
	return fs->owes_sync ||
	       (fs->journal != NULL && journal_unsynced(fs->journal));
}

int
facts_sync(struct facts *fs, struct fail *f)
{
	if (fs->journal == NULL)
		return 0;
	fs->owes_sync = false;
	return journal_sync(fs->journal, f);
}

/* Folded records are in the rows; only open intents must be kept. */
static int
renew_journal(struct facts *fs, struct fail *f)
{
	struct journal_record *keep =
	    mem_grow(NULL, fs->pending.count + 1, sizeof(*keep));
	int rc;

	for (size_t i = 0; i < fs->pending.count; i++)
		keep[i] = fs->pending.entries[i].record;
	journal_keep_room(fs->journal, fs->pending.count);
	rc = journal_renew(fs->journal, keep, fs->pending.count, f);
	free(keep);
	return rc;
}

static int
fold_rows(struct facts *fs, struct fail *f)
{
	struct journal_place place = journal_place(fs->journal);

	if (fold_live(fs->fold, &place, fs->settled.records, fs->settled.count,
		f) < 0)
		return -1;
	settled_reset(&fs->settled);
	fs->unfolded = false;
	return 0;
}

/* The rows are synced only when the journal is renewed without them. */
static int
fold_settled(struct facts *fs, struct fail *f)
{
	if (fold_rows(fs, f) < 0)
		return -1;
	if (journal_place(fs->journal).known.size <= JOURNAL_MAX)
		return 0;
	return db_sync(fs->db, f) < 0 ? -1 : renew_journal(fs, f);
}

/*
 * Records that settle nothing are folded, too: a journal that is replaced by an
 * older copy then shows.
 */
int
facts_fold(struct facts *fs, int64_t now, struct fail *f)
{
	/* A clock that was set back must not delay folding. */
	if (!fs->unfolded ||
	    (fs->settled.count < FOLD_RECORDS && now >= fs->unfolded_since &&
		now < fs->unfolded_since + FOLD_MS))
		return 0;
	return facts_sync(fs, f) < 0 ? -1 : fold_settled(fs, f);
}

int
facts_flush(struct facts *fs, struct fail *f)
{
	if (facts_sync(fs, f) < 0)
		return -1;
	return fs->settled.count > 0 ? fold_settled(fs, f) : 0;
}

int
facts_rescue(struct facts *fs, struct fail *f)
{
	struct fail ignored;

	if (facts_sync(fs, f) == 0)
		return 0;
	return fold_rows(fs, &ignored) < 0 || db_sync(fs->db, &ignored) < 0 ? -1
									    : 0;
}

/*
 * Unsettled items end as they would after a crash, by the same code. They may
 * be freed by now, so their names are read from the journal.
 */
static int
fold_pending(
    struct facts *fs, struct recovery *r, enum journal_end *end, struct fail *f)
{
	struct buf all = {0};
	int rc = journal_read(fs->journal, &all, f);

	if (rc == 0)
		rc = recovery_fold(
		    r, journal_owner(fs->journal), buf_str(&all), f);
	if (rc == JOURNAL_DIR_SET_ASIDE)
		*end = JOURNAL_SET_ASIDE;
	buf_free(&all);
	return rc < 0 ? -1 : 0;
}

/* Items whose intent was withdrawn are known: nobody tries them again. */
static void
settle_withdrawn(struct facts *fs)
{
	for (size_t i = fs->pending.count; i-- > 0;) {
		struct pending_entry *p = &fs->pending.entries[i];

		if (p->record.kind != JOURNAL_OUTCOME)
			continue;
		settled_add(&fs->settled, p->record);
		pending_drop(&fs->pending, p->item);
	}
}

static int
fold_journal(
    struct facts *fs, struct recovery *r, enum journal_end *end, struct fail *f)
{
	struct journal_place place = journal_place(fs->journal);

	*end = JOURNAL_REMOVE;
	settle_withdrawn(fs);
	if (fold_rows(fs, f) < 0)
		return -1;
	if (fs->pending.count > 0)
		return fold_pending(fs, r, end, f);
	return recovery_release(r, &place, f);
}

/* A journal that fails ends in the rows all the same: they have all of it. */
int
facts_end(struct facts *fs, struct recovery *r, struct fail *f)
{
	enum journal_end end = JOURNAL_KEEP;
	struct fail folding;
	int rc;

	if (fs->journal == NULL)
		return 0;
	rc = facts_sync(fs, f);
	if (fold_journal(fs, r, &end, rc < 0 ? &folding : f) < 0) {
		end = JOURNAL_KEEP;
		rc = -1;
	}
	journal_close(fs->journal, end);
	fs->journal = NULL;
	return rc;
}

void
facts_free(struct facts *fs)
{
	pending_free(&fs->pending);
	fold_close(fs->fold);
	settled_free(&fs->settled);
	*fs = (struct facts){0};
}
