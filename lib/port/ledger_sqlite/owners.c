#include "port/ledger_sqlite/owners.h"

#include <stdlib.h>

#include "base/mem.h"
#include "port/ledger_sqlite/journal_dir.h"

static const char SQL_ROWS[] = "SELECT owner, count(*) FROM deliveries"
			       " WHERE owner IS NOT NULL GROUP BY owner";

int
owners_find_gone(
    struct db *db, const char *sql, struct buf *gone, struct fail *f)
{
	struct db_statement *st;
	int rc;

	buf_reset(gone);
	if (db_prepare(db, &st, sql, f) < 0)
		return -1;
	while ((rc = db_step(db, st, f)) == 1) {
		struct str owner = db_text(st, 0);
		char *name = mem_dup(owner.p, owner.n);

		if (!journal_dir_has(db_run_dir(db), name))
			buf_add(gone, name, owner.n + 1);
		free(name);
	}
	return rc < 0 ? db_fail(db, f, "ledger") : 0;
}

static enum ledger_row_life
tell_life(struct db *db, struct str owner)
{
	char *name = mem_dup(owner.p, owner.n);
	enum ledger_row_life life = LEDGER_ROW_LOST;

	if (journal_dir_has(db_run_dir(db), name))
		life = journal_dir_is_locked(db_run_dir(db), name)
			   ? LEDGER_ROW_ALIVE
			   : LEDGER_ROW_DEAD;
	free(name);
	return life;
}

int
owners_each(struct db *db, ledger_row_owner_fn *fn, void *ctx, struct fail *f)
{
	struct db_statement *st;
	int rc;

	if (db_prepare(db, &st, SQL_ROWS, f) < 0)
		return -1;
	while ((rc = db_step(db, st, f)) == 1) {
		struct ledger_row_owner o = {
		    .name = db_text(st, 0), .rows = db_int(st, 1)};

		o.life = tell_life(db, o.name);
		rc = fn(ctx, &o, f);
		if (rc != 0) {
			db_reset(st);
			return rc;
		}
	}
	return rc < 0 ? db_fail(db, f, "ledger") : 0;
}
