#include "port/ledger/fold.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "port/db/transaction.h"
#include "port/ledger/journal.h"

#define SLICE 500 /* records in one transaction: about 5 ms */

static const char SQL_OUTCOME[] =
    "UPDATE deliveries SET state=?4, class=?5, stage=?6, code=?7,"
    " enhanced=?8, reply=?9, queue_id=?10, relay=?11, attempt=?12,"
    " next_try=?13, at=?14, ms=?15, first=coalesce(first, ?14),"
    " owner=iif(?16, NULL, owner),"
    " prior=iif(?16, NULL, prior)"
    " WHERE email_id=?1 AND key=?2 AND owner=?3";
static const char SQL_INTENT[] =
    "UPDATE deliveries SET state='in_doubt', class='no_reply', stage=NULL,"
    " code=NULL, enhanced=NULL, reply=NULL, queue_id=NULL, next_try=NULL,"
    " attempt=?4, at=?5 WHERE email_id=?1 AND key=?2 AND owner=?3";
static const char SQL_UNDO[] = "UPDATE deliveries SET state='claimed'"
			       " WHERE email_id=?1 AND key=?2 AND owner=?3";
static const char SQL_RESTORE[] =
    "UPDATE deliveries SET state=prior, owner=NULL, prior=NULL"
    " WHERE email_id=?1 AND key=?2 AND owner=?3 AND prior IS NOT NULL";
static const char SQL_REMOVE[] =
    "DELETE FROM deliveries WHERE email_id=?1 AND key=?2 AND owner=?3";
static const char SQL_END_SETTLED[] =
    "UPDATE deliveries SET owner=NULL, prior=NULL"
    " WHERE owner=?1 AND state<>'claimed'";
static const char SQL_END_RESTORE[] =
    "UPDATE deliveries SET state=prior, owner=NULL, prior=NULL"
    " WHERE owner=?1 AND prior IS NOT NULL";
static const char SQL_END_REMOVE[] = "DELETE FROM deliveries WHERE owner=?1";
static const char SQL_OWNERS[] =
    "SELECT DISTINCT owner FROM deliveries WHERE owner IS NOT NULL";
static const char SQL_ORPHAN[] =
    "UPDATE deliveries SET state='in_doubt', class='no_reply', owner=NULL,"
    " prior=NULL WHERE owner=?1";

struct fold {
	struct db *db;
	struct arena *arena;
	struct db_statement *outcome, *intent, *undo, *restore, *remove;
	struct db_statement *end_settled, *end_restore, *end_remove;
	struct db_statement *owners, *orphan;
};

static int
prepare_statements(struct fold *fo, struct fail *f)
{
	const struct db_sql list[] = {
	    {&fo->outcome, SQL_OUTCOME},
	    {&fo->intent, SQL_INTENT},
	    {&fo->undo, SQL_UNDO},
	    {&fo->restore, SQL_RESTORE},
	    {&fo->remove, SQL_REMOVE},
	    {&fo->end_settled, SQL_END_SETTLED},
	    {&fo->end_restore, SQL_END_RESTORE},
	    {&fo->end_remove, SQL_END_REMOVE},
	    {&fo->owners, SQL_OWNERS},
	    {&fo->orphan, SQL_ORPHAN},
	};

	return db_prepare_all(fo->db, list, sizeof(list) / sizeof(*list), f);
}

int
fold_open(struct fold **out, struct db *db, struct fail *f)
{
	struct fold *fo = mem_new(sizeof(*fo));

	fo->db = db;
	fo->arena = arena_new();
	if (prepare_statements(fo, f) < 0) {
		fold_close(fo);
		return -1;
	}
	*out = fo;
	return 0;
}

void
fold_close(struct fold *fo)
{
	if (fo == NULL)
		return;
	arena_free(fo->arena);
	free(fo);
}

/* 1 with a row; 0 without. */
static int
step_statement(struct fold *fo, struct db_statement *st, struct fail *f)
{
	int rc = db_step(fo->db, st, f);

	return rc < 0 ? db_fail(fo->db, f, "ledger") : rc;
}

/* Every statement on one row has its key in ?1, ?2 and its owner in ?3. */
static struct db_statement *
bind_row(struct db_statement *st, const struct journal_record *record,
    const char *owner)
{
	db_bind(st, 1, record->email_id);
	db_bind(st, 2, record->key);
	db_bind(st, 3, str_of(owner));
	return st;
}

static void
bind_number(struct db_statement *st, int column, int64_t value)
{
	if (value != 0)
		db_bind_int(st, column, value);
	else
		db_bind_null(st, column);
}

static int
apply_outcome(struct fold *fo, const char *owner,
    const struct journal_record *record, bool live, struct fail *f)
{
	struct db_statement *st = bind_row(fo->outcome, record, owner);
	const struct outcome *o = &record->outcome;

	db_bind(st, 4, str_of(outcome_status_name(o->status)));
	db_bind(st, 5, str_of(o->class));
	db_bind(st, 6, str_of(o->stage));
	bind_number(st, 7, o->code);
	db_bind(st, 8, o->enhanced);
	db_bind(st, 9, o->reply);
	db_bind(st, 10, o->queue_id);
	db_bind(st, 11, o->relay);
	db_bind_int(st, 12, record->attempt);
	bind_number(st, 13, o->next_try);
	db_bind_int(st, 14, record->at);
	db_bind_int(st, 15, o->ms);
	db_bind_int(st, 16, live);
	return step_statement(fo, st, f);
}

static int
apply_live(struct fold *fo, const char *owner,
    const struct journal_record *record, struct fail *f)
{
	switch (record->kind) {
	case JOURNAL_INTENT:
		return 0;
	case JOURNAL_OUTCOME:
		return apply_outcome(fo, owner, record, true, f);
	case JOURNAL_RELEASE:
		break;
	}
	if (step_statement(fo, bind_row(fo->restore, record, owner), f) < 0)
		return -1;
	return step_statement(fo, bind_row(fo->remove, record, owner), f);
}

/* Rows keep their owner until the last line, so the last record wins. */
static int
apply_dead(struct fold *fo, const char *owner,
    const struct journal_record *record, struct fail *f)
{
	switch (record->kind) {
	case JOURNAL_INTENT:
		db_bind_int(fo->intent, 4, record->attempt);
		db_bind_int(fo->intent, 5, record->at);
		return step_statement(
		    fo, bind_row(fo->intent, record, owner), f);
	case JOURNAL_OUTCOME:
		return apply_outcome(fo, owner, record, false, f);
	case JOURNAL_RELEASE:
		break;
	}
	return step_statement(fo, bind_row(fo->undo, record, owner), f);
}

/* At most SLICE records in one transaction. */
static int
fold_live_slice(struct fold *fo, const char *owner,
    const struct journal_record *records, size_t n, struct fail *f)
{
	if (transaction_begin_lazy(fo->db, true, f) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (apply_live(fo, owner, &records[i], f) < 0) {
			transaction_rollback(fo->db);
			return -1;
		}
	}
	return transaction_commit(fo->db, f);
}

int
fold_live(struct fold *fo, const char *owner,
    const struct journal_record *records, size_t n, struct fail *f)
{
	for (size_t i = 0; i < n; i += SLICE) {
		size_t count = n - i < SLICE ? n - i : SLICE;

		if (fold_live_slice(fo, owner, records + i, count, f) < 0)
			return -1;
	}
	return 0;
}

/* Takes at most SLICE lines off *rest in one transaction. */
static int
fold_dead_slice(
    struct fold *fo, const char *owner, struct str *rest, struct fail *f)
{
	struct fail torn = {0};
	struct journal_record record;

	if (transaction_begin(fo->db, f) < 0)
		return -1;
	for (int i = 0; i < SLICE && rest->n > 0; i++) {
		const char *end = memchr(rest->p, '\n', rest->n);
		struct str line = {
		    rest->p, end != NULL ? (size_t)(end - rest->p) : 0};

		arena_reset(fo->arena);
		if (end == NULL ||
		    journal_record_parse(&record, line, fo->arena, &torn) < 0) {
			rest->n = 0;
			break;
		}
		if (apply_dead(fo, owner, &record, f) < 0) {
			transaction_rollback(fo->db);
			return -1;
		}
		rest->p += line.n + 1;
		rest->n -= line.n + 1;
	}
	return transaction_commit(fo->db, f);
}

/* No row names the owner after this. */
static int
release_owner(struct fold *fo, const char *owner, struct fail *f)
{
	struct db_statement *ends[] = {
	    fo->end_settled, fo->end_restore, fo->end_remove};

	if (transaction_begin(fo->db, f) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		db_bind(ends[i], 1, str_of(owner));
		if (step_statement(fo, ends[i], f) < 0) {
			transaction_rollback(fo->db);
			return -1;
		}
	}
	return transaction_commit(fo->db, f);
}

int
fold_dead(struct fold *fo, const char *owner, struct str lines, struct fail *f)
{
	while (lines.n > 0) {
		if (fold_dead_slice(fo, owner, &lines, f) < 0)
			return -1;
	}
	return release_owner(fo, owner, f);
}

/* Appends each owner without a journal and a NUL. */
static int
find_orphans(struct fold *fo, struct buf *orphans, struct fail *f)
{
	int rc;

	while ((rc = step_statement(fo, fo->owners, f)) == 1) {
		struct str owner = db_text(fo->owners, 0);
		char *name = mem_dup(owner.p, owner.n);

		if (!journal_exists(db_run_dir(fo->db), name))
			buf_add(orphans, name, owner.n + 1);
		free(name);
	}
	return rc;
}

static int
settle_orphans(struct fold *fo, struct str orphans, struct fail *f)
{
	for (size_t i = 0; i < orphans.n;) {
		struct str owner = str_of(orphans.p + i);

		db_bind(fo->orphan, 1, owner);
		if (step_statement(fo, fo->orphan, f) < 0)
			return -1;
		i += owner.n + 1;
	}
	return 0;
}

/*
 * The first look takes no lock; the second, inside the transaction, sees rows
 * that another process has recovered in between.
 */
int
fold_orphans(struct fold *fo, struct fail *f)
{
	struct buf orphans = {0};
	int rc = find_orphans(fo, &orphans, f);

	if (rc == 0 && orphans.len > 0) {
		buf_reset(&orphans);
		rc = transaction_begin(fo->db, f);
		if (rc == 0) {
			rc = find_orphans(fo, &orphans, f);
			if (rc == 0)
				rc = settle_orphans(fo, buf_str(&orphans), f);
			if (rc == 0)
				rc = transaction_commit(fo->db, f);
			else
				transaction_rollback(fo->db);
		}
	}
	buf_free(&orphans);
	return rc;
}
