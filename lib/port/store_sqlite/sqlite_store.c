#include "port/store_sqlite/sqlite_store.h"

#include <stdlib.h>

#include "base/mem.h"
#include "port/db/db_open.h"
#include "port/db/transaction.h"
#include "port/ledger_sqlite/ledger_sqlite.h"
#include "port/optout/optouts_ops.h"
#include "port/store_sqlite/sqlite_acts.h"
#include "port/store_sqlite/sqlite_bounces.h"
#include "port/store_sqlite/sqlite_memory.h"
#include "port/store_sqlite/sqlite_optouts.h"
#include "port/store_sqlite/sqlite_rates.h"
#include "port/store_sqlite/sqlite_stops.h"

struct sqlite_store {
	struct store store; /* the first member */
	struct db *db;
	bool owned; /* the database is closed with the store */
};

static struct db *
db_of(struct store *s)
{
	return ((struct sqlite_store *)s)->db;
}

static int
begin_write(struct store *s, bool lazy, struct fail *f)
{
	return transaction_begin_lazy(db_of(s), lazy, f);
}

static int
commit_write(struct store *s, struct fail *f)
{
	return transaction_commit(db_of(s), f);
}

static void
roll_back(struct store *s)
{
	transaction_rollback(db_of(s));
}

static int
begin_read(struct store *s, struct fail *f)
{
	return transaction_begin_read(db_of(s), f);
}

static int
end_read(struct store *s, struct fail *f)
{
	return transaction_end_read(db_of(s), f);
}

static void
close_store(struct store *s)
{
	struct sqlite_store *sqlite = (struct sqlite_store *)s;

	ledger_sqlite_free(s->ledger);
	sqlite_optouts_free(s->optouts);
	sqlite_bounces_free(s->bounces);
	sqlite_rates_close(s->rates);
	sqlite_memory_free(s->memory);
	sqlite_stops_free(s->stops);
	if (sqlite->owned)
		db_close(sqlite->db);
	free(s);
}

static const struct store_ops operations = {
    .begin = begin_write,
    .commit = commit_write,
    .rollback = roll_back,
    .begin_read = begin_read,
    .end_read = end_read,
    .close = close_store,
};

static struct sqlite_store *
make_store(struct db *db)
{
	struct sqlite_store *s = mem_new(sizeof(*s));

	s->store.ops = &operations;
	s->store.name = db_path(db);
	s->db = db;
	s->store.ledger = ledger_sqlite_new(&s->store, db);
	s->store.optouts = sqlite_optouts_new(&s->store, db);
	s->store.optouts->acts = &sqlite_acts_ops;
	s->store.bounces = sqlite_bounces_new(&s->store, db);
	s->store.rates = sqlite_rates_open(s->store.name);
	s->store.memory = sqlite_memory_new(&s->store, db);
	s->store.stops = sqlite_stops_new(db);
	return s;
}

int
sqlite_store_open(struct store **out, struct db *db, struct fail *f)
{
	(void)f;
	*out = &make_store(db)->store;
	return 0;
}

int
sqlite_store_open_file(struct store **out, const char *path,
    enum store_mode mode, struct waiting waiting, struct fail *f)
{
	enum db_mode db_mode = mode == STORE_READ ? DB_READ : DB_WRITE;
	struct sqlite_store *s;
	struct db *db;

	*out = NULL;
	if (db_open(&db, path, db_mode, waiting, f) < 0)
		return -1;
	s = make_store(db);
	s->owned = true;
	*out = &s->store;
	return 0;
}
