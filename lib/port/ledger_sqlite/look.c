#include "port/ledger_sqlite/look.h"

#include <stdlib.h>

#include "base/mem.h"
#include "port/optout/optouts.h"

static const char SQL_STATE[] = "SELECT state FROM emails WHERE id=?1";

struct look {
	const struct store *store;
	struct db *db;
	struct db_statement *state;
};

int
look_open(
    struct look **out, const struct store *store, struct db *db, struct fail *f)
{
	struct look *k = mem_new(sizeof(*k));

	k->store = store;
	k->db = db;
	if (db_prepare(db, &k->state, SQL_STATE, f) < 0) {
		look_close(k);
		return -1;
	}
	*out = k;
	return 0;
}

void
look_close(struct look *k)
{
	free(k);
}

/* An unknown mailing is open. */
static int
read_state(struct look *k, struct ledger_item *it, struct fail *f)
{
	int rc;

	db_bind(k->state, 1, it->state_of);
	rc = db_step(k->db, k->state, f);
	if (rc < 0)
		return db_fail(k->db, f, "ledger");
	it->look.state =
	    rc == 1 ? ledger_state_parse(db_text(k->state, 0)) : LEDGER_OPEN;
	db_reset(k->state);
	return 0;
}

int
look_read(struct look *k, struct ledger_item *it, struct fail *f)
{
	if (read_state(k, it, f) < 0)
		return -1;
	return optouts_check(k->store->optouts, it->course_id, it->user_id,
	    it->key, &it->look.out, f);
}
