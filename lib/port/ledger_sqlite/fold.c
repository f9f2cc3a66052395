#include "port/ledger_sqlite/fold.h"

#include <stdlib.h>

#include "base/mem.h"
#include "port/db/generation.h"
#include "port/db/transaction.h"

#define SLICE 500 /* records in one transaction: about 5 ms */

static const char SQL_OUTCOME[] =
    "UPDATE deliveries SET state=?4, class=?5, stage=?6, code=?7,"
    " enhanced=?8, reply=?9, queue_id=?10, relay=?11, attempt=?12,"
    " next_try=?13, at=?14, ms=?15, first=coalesce(first, ?14),"
    " print=?17, reopened=NULL,"
    " owner=iif(?16, NULL, owner),"
    " prior=iif(?16, NULL, prior)"
    " WHERE email_id=?1 AND key=?2 AND owner=?3";
static const char SQL_RESTORE[] =
    "UPDATE deliveries SET state=prior, owner=NULL, prior=NULL"
    " WHERE email_id=?1 AND key=?2 AND owner=?3 AND prior IS NOT NULL";
static const char SQL_REMOVE[] =
    "DELETE FROM deliveries WHERE email_id=?1 AND key=?2 AND owner=?3";

struct fold {
	struct db *db;
	bool lazy; /* see transaction.h */
	struct db_statement *outcome, *restore, *remove;
};

static int
prepare_statements(struct fold *fo, struct fail *f)
{
	const struct db_sql list[] = {
	    {&fo->outcome, SQL_OUTCOME},
	    {&fo->restore, SQL_RESTORE},
	    {&fo->remove, SQL_REMOVE},
	};

	return db_prepare_all(fo->db, list, sizeof(list) / sizeof(*list), f);
}

int
fold_open(struct fold **out, struct db *db, bool lazy, struct fail *f)
{
	struct fold *fo = mem_new(sizeof(*fo));

	fo->db = db;
	fo->lazy = lazy;
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

int
fold_outcome(struct fold *fo, const char *owner,
    const struct journal_record *record, bool settled, struct fail *f)
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
	db_bind_int(st, 16, settled);
	bind_number(st, 17, (int64_t)o->print);
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
		return fold_outcome(fo, owner, record, true, f);
	case JOURNAL_RELEASE:
		break;
	}
	if (step_statement(fo, bind_row(fo->restore, record, owner), f) < 0)
		return -1;
	return step_statement(fo, bind_row(fo->remove, record, owner), f);
}

/* At most SLICE records in one transaction; the last has the place, too. */
static int
fold_slice(struct fold *fo, const struct journal_place *place,
    const struct journal_record *records, size_t n, bool last, struct fail *f)
{
	int rc;

	if (transaction_begin_lazy(fo->db, fo->lazy, f) < 0)
		return -1;
	rc = n > 0 ? generation_raise(fo->db, f) : 0;
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = apply_live(fo, place->owner, &records[i], f);
	if (rc == 0 && last)
		rc = journal_place_store(fo->db, place, f);
	if (rc < 0) {
		transaction_rollback(fo->db);
		return -1;
	}
	return transaction_commit(fo->db, f);
}

int
fold_live(struct fold *fo, const struct journal_place *place,
    const struct journal_record *records, size_t n, struct fail *f)
{
	for (; n > SLICE; records += SLICE, n -= SLICE) {
		if (fold_slice(fo, place, records, SLICE, false, f) < 0)
			return -1;
	}
	return fold_slice(fo, place, records, n, true, f);
}
