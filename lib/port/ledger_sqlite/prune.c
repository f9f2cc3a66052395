#include "port/ledger_sqlite/prune.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "port/db/generation.h"
#include "port/db/transaction.h"

#define SLICE 500 /* rows removed in one transaction */

static const char SQL_OLD[] =
    "SELECT id FROM emails WHERE created<?1 AND NOT EXISTS"
    "(SELECT 1 FROM deliveries WHERE email_id=id"
    " AND (state='claimed' OR at>=?1))"
    " AND EXISTS(SELECT 1 FROM deliveries WHERE email_id=id)";
static const char SQL_MARK[] = "UPDATE emails SET state='pruned' WHERE id=?1";
static const char SQL_REMOVE[] =
    "DELETE FROM deliveries WHERE email_id=?1 AND key IN"
    "(SELECT key FROM deliveries WHERE email_id=?1 AND state<>'claimed'"
    " LIMIT ?2)";

int
prune_each(struct db *db, int64_t before, ledger_row_id_fn *fn, void *ctx,
    struct fail *f)
{
	struct arena *arena = arena_new();
	struct db_statement *st;
	struct str *ids = NULL;
	size_t count = 0;
	int more = db_prepare(db, &st, SQL_OLD, f);

	if (more == 0)
		db_bind_int(st, 1, before);
	while (more >= 0 && (more = db_step(db, st, f)) == 1) {
		struct str id = db_text(st, 0);

		ids = mem_grow(ids, count + 1, sizeof(*ids));
		ids[count].p = arena_dup(arena, id.p, id.n);
		ids[count++].n = id.n;
	}
	for (size_t i = 0; i < count && more == 0; i++)
		more = fn(ctx, ids[i], f);
	arena_free(arena);
	free(ids);
	return more;
}

/* Runs one statement on a mailing as a transaction. */
static int
change_mailing(struct db *db, const char *sql, struct str id, struct fail *f)
{
	struct db_statement *st;

	if (transaction_begin(db, f) < 0)
		return -1;
	if (generation_raise(db, f) < 0 || db_prepare(db, &st, sql, f) < 0) {
		transaction_rollback(db);
		return -1;
	}
	db_bind(st, 1, id);
	if (sql == SQL_REMOVE)
		db_bind_int(st, 2, SLICE);
	if (db_step(db, st, f) < 0) {
		transaction_rollback(db);
		return -1;
	}
	return transaction_commit(db, f);
}

int
prune_mailing(struct db *db, struct str id, struct fail *f)
{
	if (change_mailing(db, SQL_MARK, id, f) < 0)
		return -1;
	do {
		if (change_mailing(db, SQL_REMOVE, id, f) < 0)
			return -1;
	} while (db_changes(db) > 0);
	return 0;
}
