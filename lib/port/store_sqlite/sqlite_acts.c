#include "port/store_sqlite/sqlite_acts.h"

#include "port/db/db.h"
#include "port/store_sqlite/sqlite_optouts.h"

static const char SQL_ADD[] = "INSERT OR IGNORE INTO acts VALUES(?1, ?2)";
static const char SQL_REMOVE[] = "DELETE FROM acts WHERE folder=?1 AND name=?2";
static const char SQL_LIST[] = "SELECT name FROM acts WHERE folder=?1";

static int
run_on_act(struct db *db, const char *sql, struct str folder, struct str name,
    struct fail *f)
{
	struct db_statement *st;

	if (db_prepare(db, &st, sql, f) < 0)
		return -1;
	db_bind(st, 1, folder);
	db_bind(st, 2, name);
	return db_step(db, st, f);
}

static int
add_act(struct optouts *r, struct str folder, struct str name, bool *is_new,
    struct fail *f)
{
	struct db *db = sqlite_optouts_db(r);

	if (run_on_act(db, SQL_ADD, folder, name, f) < 0)
		return -1;
	*is_new = db_changes(db) > 0;
	return 0;
}

static int
remove_act(
    struct optouts *r, struct str folder, struct str name, struct fail *f)
{
	return run_on_act(sqlite_optouts_db(r), SQL_REMOVE, folder, name, f);
}

static int
list_acts(struct optouts *r, struct str folder, acts_ops_fn *fn, void *ctx,
    struct fail *f)
{
	struct db *db = sqlite_optouts_db(r);
	struct db_statement *st;
	int rc;

	if (db_prepare(db, &st, SQL_LIST, f) < 0)
		return -1;
	db_bind(st, 1, folder);
	while ((rc = db_step(db, st, f)) == 1) {
		if (fn(ctx, db_text(st, 0), f) < 0) {
			db_reset(st);
			return -1;
		}
	}
	return rc;
}

const struct acts_ops sqlite_acts_ops = {
    .add = add_act, .remove = remove_act, .list = list_acts};
