#include "port/ledger_sqlite/recovery.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "mail/ledger/lease_judge.h"
#include "port/db/generation.h"
#include "port/db/transaction.h"
#include "port/ledger_sqlite/fold.h"
#include "port/ledger_sqlite/journal_dir.h"
#include "port/ledger_sqlite/lease.h"
#include "port/ledger_sqlite/missing.h"
#include "port/ledger_sqlite/orphans.h"

#define SLICE 500 /* records in one transaction: about 5 ms */

static const char SQL_INTENT[] =
    "UPDATE deliveries SET state='in_doubt', class='no_reply', stage=NULL,"
    " code=NULL, enhanced=NULL, reply=NULL, queue_id=NULL, next_try=NULL,"
    " attempt=?4, at=?5 WHERE email_id=?1 AND key=?2 AND owner=?3";
struct recovery {
	struct db *db;
	const struct recovery_notes *notes;
	struct fold *fold;
	struct missing *missing;
	struct arena *arena; /* of one journal */
	int64_t changes;     /* rows changed by statements of this file */
	struct lease *lease;
	struct db_statement *intent;
};

/* The last fact about a recipient. */
struct last_fact {
	struct journal_record record;
	int64_t offset;
};

/* A journal that is being folded. */
struct reading {
	struct journal_place place;
	struct journal_text text;
	struct map *facts;    /* struct last_fact by mailing and recipient */
	struct map *mailings; /* the first record with a course, by mailing */
	long long in_doubt;   /* recipients, when all is folded */
};

int
recovery_open(struct recovery **out, struct db *db,
    const struct recovery_notes *notes, struct fail *f)
{
	struct recovery *r = mem_new(sizeof(*r));

	r->db = db;
	r->notes = notes;
	r->arena = arena_new();
	if (db_prepare(db, &r->intent, SQL_INTENT, f) < 0 ||
	    lease_open(&r->lease, db, f) < 0 ||
	    fold_open(&r->fold, db, false, f) < 0 ||
	    missing_open(&r->missing, db, f) < 0) {
		recovery_close(r);
		return -1;
	}
	*out = r;
	return 0;
}

void
recovery_close(struct recovery *r)
{
	if (r == NULL)
		return;
	fold_close(r->fold);
	lease_close(r->lease);
	missing_close(r->missing);
	arena_free(r->arena);
	free(r);
}

static int
run_statement(struct recovery *r, struct db_statement *st, struct fail *f)
{
	if (db_step(r->db, st, f) < 0)
		return db_fail(r->db, f, "ledger");
	r->changes += db_changes(r->db);
	return 0;
}

static void
keep_mailing(struct reading *rd, const struct journal_record *record)
{
	struct journal_record *first;

	if (record->course_id.p == NULL ||
	    map_get(rd->mailings, record->email_id) != NULL)
		return;
	first = map_put(rd->mailings, record->email_id);
	*first = *record;
}

/* A line with a right CRC that is no record is damage, too. */
static void
gather_facts(struct recovery *r, struct reading *rd)
{
	struct buf key = {0};
	struct fail ignored;

	for (size_t i = 0; i < rd->text.count; i++) {
		const struct journal_line *line = &rd->text.lines[i];
		struct journal_record record;
		struct last_fact *last;

		if (journal_record_parse(
			&record, line->text, r->arena, &ignored) < 0) {
			if (!rd->text.damaged)
				rd->text.damage_at = line->offset;
			rd->text.damaged = true;
			rd->text.doubt_end = INT64_MAX;
			continue;
		}
		buf_reset(&key);
		buf_addstr(&key, record.email_id);
		buf_addc(&key, '\0');
		buf_addstr(&key, record.key);
		last = map_put(rd->facts, buf_str(&key));
		*last = (struct last_fact){record, line->offset};
		keep_mailing(rd, &record);
	}
	buf_free(&key);
}

static int
apply_intent(struct recovery *r, const char *owner,
    const struct journal_record *record, struct fail *f)
{
	db_bind(r->intent, 1, record->email_id);
	db_bind(r->intent, 2, record->key);
	db_bind(r->intent, 3, str_of(owner));
	db_bind_int(r->intent, 4, record->attempt);
	db_bind_int(r->intent, 5, record->at);
	return run_statement(r, r->intent, f);
}

/* True if no fold has written the fact into the rows. */
static bool
is_unfolded(const struct reading *rd, const struct last_fact *fact)
{
	if (rd->text.unframed)
		return false;
	return rd->text.generation != rd->place.known.generation ||
	       fact->offset >= rd->place.known.size;
}

static bool
may_miss_later(const struct reading *rd, const struct last_fact *fact)
{
	return rd->text.damaged && fact->offset < rd->text.doubt_end;
}

/* Rows keep their owner until all facts are in them. */
static int
apply_fact(struct recovery *r, const struct reading *rd,
    const struct last_fact *fact, struct fail *f)
{
	const struct journal_record *record = &fact->record;
	const char *owner = rd->place.owner;

	if (is_unfolded(rd, fact) &&
	    missing_take(r->missing, owner, record, f) < 0)
		return -1;
	switch (lease_judge_fact(record, may_miss_later(rd, fact))) {
	case LEASE_JUDGE_INTENT:
		return apply_intent(r, owner, record, f);
	case LEASE_JUDGE_OUTCOME:
		return fold_outcome(r->fold, owner, record, false, f);
	case LEASE_JUDGE_NO_FACT:
		break;
	}
	return 0;
}

/* The mailings of facts whose rows may be missing. */
static int
add_mailings(struct recovery *r, const struct reading *rd, struct fail *f)
{
	for (size_t i = 0; i < map_count(rd->mailings); i++) {
		if (missing_add_mailing(
			r->missing, map_item(rd->mailings, i, NULL), f) < 0)
			return -1;
	}
	return 0;
}

/* Folds at most SLICE facts from *i on in one transaction. */
static int
fold_slice(
    struct recovery *r, const struct reading *rd, size_t *i, struct fail *f)
{
	size_t end = map_count(rd->facts);
	int rc;

	if (transaction_begin(r->db, f) < 0)
		return -1;
	rc = generation_raise(r->db, f);
	if (rc == 0 && *i == 0)
		rc = add_mailings(r, rd, f);
	for (int n = 0; rc == 0 && n < SLICE && *i < end; n++)
		rc = apply_fact(r, rd, map_item(rd->facts, (*i)++, NULL), f);
	if (rc == 0)
		return transaction_commit(r->db, f);
	transaction_rollback(r->db);
	return -1;
}

/*
 * No row names the owner after this, and the place is that of the whole
 * journal: folded once more, before it is removed, it makes no rows.
 */
static int
end_owner(struct recovery *r, struct reading *rd, struct fail *f)
{
	struct lease_ended ended;

	if (lease_end(r->lease, rd->place.owner,
		rd->text.damaged ? LEASE_JUDGE_DAMAGED : LEASE_JUDGE_WHOLE,
		&ended, f) < 0)
		return -1;
	rd->in_doubt = ended.in_doubt;
	r->changes += ended.changes;
	if (rd->text.unframed)
		return 0;
	return journal_place_store(r->db, &rd->place, f);
}

static int
release_owner(struct recovery *r, struct reading *rd, struct fail *f)
{
	if (transaction_begin(r->db, f) < 0)
		return -1;
	r->changes = 0;
	if (end_owner(r, rd, f) < 0 ||
	    (r->changes > 0 && generation_raise(r->db, f) < 0)) {
		transaction_rollback(r->db);
		return -1;
	}
	return transaction_commit(r->db, f);
}

static void
note_damage(struct recovery *r, const struct reading *rd)
{
	struct buf b = {0};

	if (!rd->text.damaged || r->notes == NULL)
		return;
	buf_printf(&b,
	    "journal %s/%s" JOURNAL_DIR_SUFFIX " is damaged at byte %lld; it "
	    "is kept as %s" JOURNAL_DIR_BAD ", and %lld of its recipients are "
	    "in doubt",
	    db_run_dir(r->db), rd->place.owner, (long long)rd->text.damage_at,
	    rd->place.owner, rd->in_doubt);
	r->notes->note(r->notes->ctx, buf_cstr(&b));
	buf_free(&b);
}

static int
fold_all(struct recovery *r, struct reading *rd, struct fail *f)
{
	size_t i = 0;

	gather_facts(r, rd);
	while (i < map_count(rd->facts)) {
		if (fold_slice(r, rd, &i, f) < 0)
			return -1;
	}
	if (rd->text.generation >= rd->place.known.generation &&
	    rd->text.size > rd->place.known.size)
		rd->place.known =
		    (struct journal_known){rd->text.generation, rd->text.size};
	return release_owner(r, rd, f);
}

int
recovery_fold(
    struct recovery *r, const char *owner, struct str content, struct fail *f)
{
	struct reading rd = {.place.owner = owner};
	int rc;

	if (journal_place_load(r->db, &rd.place, f) < 0)
		return -1;
	journal_text_read(
	    &rd.text, str_of(owner), content, rd.place.known, r->arena);
	rd.facts = map_new(sizeof(struct last_fact));
	rd.mailings = map_new(sizeof(struct journal_record));
	rc = fold_all(r, &rd, f);
	if (rc == 0)
		rc = db_sync(r->db, f);
	if (rc == 0)
		note_damage(r, &rd);
	map_free(rd.facts);
	map_free(rd.mailings);
	arena_reset(r->arena);
	if (rc < 0)
		return -1;
	return rd.text.damaged ? JOURNAL_DIR_SET_ASIDE : JOURNAL_DIR_REMOVE;
}

int
recovery_release(
    struct recovery *r, const struct journal_place *place, struct fail *f)
{
	struct reading rd = {.place = *place};

	return release_owner(r, &rd, f) < 0 ? -1 : db_sync(r->db, f);
}

/* As a journal_dir_fn. */
static int
fold_dead(void *ctx, const char *owner, struct str content, struct fail *f)
{
	return recovery_fold(ctx, owner, content, f);
}

int
recovery_run(struct recovery *r, struct fail *f)
{
	if (journal_dir_each_dead(db_run_dir(r->db), fold_dead, r, f) < 0 ||
	    orphans_settle(r->db, r->notes, f) < 0)
		return -1;
	return journal_place_sweep(r->db, f);
}

int
recovery_once(struct db *db, const struct recovery_notes *notes, struct fail *f)
{
	struct recovery *r;
	int rc;

	if (recovery_open(&r, db, notes, f) < 0)
		return -1;
	rc = recovery_run(r, f);
	recovery_close(r);
	return rc;
}
