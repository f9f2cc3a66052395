#include "port/ledger_sqlite/journal_place.h"

#include "base/buf.h"
#include "port/db/transaction.h"
#include "port/ledger_sqlite/owners.h"

static const char SQL_STORE[] =
    "INSERT INTO journals(owner, generation, size) VALUES(?1, ?2, ?3)"
    " ON CONFLICT DO UPDATE SET generation=?2, size=?3";
static const char SQL_LOAD[] =
    "SELECT generation, size FROM journals WHERE owner=?1";
static const char SQL_OWNERS[] = "SELECT owner FROM journals";
static const char SQL_REMOVE[] = "DELETE FROM journals WHERE owner=?1";

int
journal_place_store(
    struct db *db, const struct journal_place *p, struct fail *f)
{
	struct db_statement *st;

	if (db_prepare(db, &st, SQL_STORE, f) < 0)
		return -1;
	db_bind(st, 1, str_of(p->owner));
	db_bind_int(st, 2, p->known.generation);
	db_bind_int(st, 3, p->known.size);
	return db_step(db, st, f) < 0 ? db_fail(db, f, "ledger") : 0;
}

int
journal_place_load(struct db *db, struct journal_place *p, struct fail *f)
{
	struct db_statement *st;
	int rc;

	p->known = (struct journal_known){0};
	if (db_prepare(db, &st, SQL_LOAD, f) < 0)
		return -1;
	db_bind(st, 1, str_of(p->owner));
	rc = db_step(db, st, f);
	if (rc < 0)
		return db_fail(db, f, "ledger");
	if (rc == 1)
		p->known = (struct journal_known){db_int(st, 0), db_int(st, 1)};
	db_reset(st);
	return 0;
}

static int
remove_places(struct db *db, struct str owners, struct fail *f)
{
	struct db_statement *st;

	if (db_prepare(db, &st, SQL_REMOVE, f) < 0)
		return -1;
	for (size_t i = 0; i < owners.n;) {
		struct str owner = str_of(owners.p + i);

		db_bind(st, 1, owner);
		if (db_step(db, st, f) < 0)
			return db_fail(db, f, "ledger");
		i += owner.n + 1;
	}
	return 0;
}

/* An owner makes its journal first and stores its place then. */
int
journal_place_sweep(struct db *db, struct fail *f)
{
	struct buf gone = {0};
	int rc = owners_find_gone(db, SQL_OWNERS, &gone, f);

	if (rc == 0 && gone.len > 0) {
		rc = transaction_begin_lazy(db, true, f);
		if (rc == 0 && remove_places(db, buf_str(&gone), f) == 0)
			rc = transaction_commit(db, f);
		else if (rc == 0) {
			transaction_rollback(db);
			rc = -1;
		}
	}
	buf_free(&gone);
	return rc;
}
