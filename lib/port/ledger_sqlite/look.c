#include "port/ledger_sqlite/look.h"

#include <stdlib.h>

#include "base/mem.h"
#include "port/optout/optouts.h"

/* Of an unknown mailing the state is NULL. */
static const char SQL_LOOK[] = "SELECT (SELECT state FROM emails WHERE id=?1),"
			       " (SELECT max(seq) FROM optouts),"
			       " (SELECT count FROM bounce_changes)";

struct look {
	const struct store *store;
	struct db *db;
	struct db_statement *look;
	int64_t mark; /* the register's last row, in the claim */
};

int
look_open(
    struct look **out, const struct store *store, struct db *db, struct fail *f)
{
	struct look *k = mem_new(sizeof(*k));

	k->store = store;
	k->db = db;
	if (db_prepare(db, &k->look, SQL_LOOK, f) < 0) {
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

static int
query_look(struct look *k, struct str id, struct ledger_look *look,
    int64_t *mark, struct fail *f)
{
	db_bind(k->look, 1, id);
	if (db_step(k->db, k->look, f) < 0)
		return db_fail(k->db, f, "ledger");
	look->state = ledger_state_parse(db_text(k->look, 0));
	look->bounces = db_int(k->look, 2);
	*mark = db_int(k->look, 1);
	db_reset(k->look);
	return 0;
}

/* An empty register has nobody. */
static int
check_optout(
    struct look *k, struct ledger_item *it, int64_t mark, struct fail *f)
{
	it->look.mark = mark;
	it->look.out = false;
	if (mark == 0)
		return 0;
	return optouts_check(k->store->optouts, it->course_id, it->user_id,
	    it->key, &it->look.out, f);
}

int
look_begin(struct look *k, struct fail *f)
{
	struct ledger_look ignored;

	if (k->store == NULL)
		return 0;
	return query_look(k, STR(""), &ignored, &k->mark, f);
}

int
look_claim(struct look *k, struct ledger_item *it, enum ledger_state of_mailing,
    struct fail *f)
{
	int64_t mark = 0;

	if (k->store == NULL)
		return 0;
	it->look.state = of_mailing;
	if (!str_eq(it->state_of, it->email_id) &&
	    query_look(k, it->state_of, &it->look, &mark, f) < 0)
		return -1;
	return check_optout(k, it, k->mark, f);
}

int
look_read(struct look *k, struct ledger_item *it, struct fail *f)
{
	int64_t mark = 0;

	if (query_look(k, it->state_of, &it->look, &mark, f) < 0)
		return -1;
	return mark == it->look.mark ? 0 : check_optout(k, it, mark, f);
}
