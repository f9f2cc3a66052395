#include "port/relay/answer_store.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"

/* The domain of the window, which has all answers. */
#define ALL STR("")

static const char SQL_ANY[] =
    "SELECT 1 FROM answers WHERE relay=?1 AND account=?2 LIMIT 1";
static const char SQL_GET[] =
    "SELECT list FROM answers WHERE relay=?1 AND account=?2 AND domain=?3";
static const char SQL_SET[] =
    "INSERT INTO answers(relay, account, domain, list) VALUES(?1, ?2, ?3, ?4)"
    " ON CONFLICT DO UPDATE SET list=excluded.list";
static const char SQL_REMOVE[] =
    "DELETE FROM answers WHERE relay=?1 AND account=?2 AND domain=?3";
static const char SQL_EACH[] =
    "SELECT domain, list FROM answers WHERE relay=?1 AND account=?2"
    " AND domain<>''";
static const char SQL_CLEAR[] =
    "DELETE FROM answers WHERE relay=?1 AND account=?2";

struct answer_store {
	struct db *db;
	struct str relay, account;
	struct db_statement *any, *get, *set, *remove, *each, *clear;
};

int
answer_store_open(struct answer_store **out, struct db *db, struct str relay,
    struct str account, struct fail *f)
{
	struct answer_store *s = mem_new(sizeof(*s));
	const struct db_sql list[] = {
	    {&s->any, SQL_ANY},
	    {&s->get, SQL_GET},
	    {&s->set, SQL_SET},
	    {&s->remove, SQL_REMOVE},
	    {&s->each, SQL_EACH},
	    {&s->clear, SQL_CLEAR},
	};

	s->db = db;
	s->relay = relay;
	s->account = account;
	if (db_prepare_all(db, list, sizeof(list) / sizeof(*list), f) < 0) {
		answer_store_close(s);
		return -1;
	}
	*out = s;
	return 0;
}

void
answer_store_close(struct answer_store *s)
{
	free(s);
}

/* In every statement ?1 is the relay and ?2 the account. */
static struct db_statement *
bind_account(struct answer_store *s, struct db_statement *st)
{
	db_bind(st, 1, s->relay);
	db_bind(st, 2, s->account);
	return st;
}

static int
step_answers(struct answer_store *s, struct db_statement *st, struct fail *f)
{
	int rc = db_step(s->db, st, f);

	return rc < 0 ? db_fail(s->db, f, "answers") : rc;
}

int
answer_store_any(struct answer_store *s, struct fail *f)
{
	struct db_statement *st = bind_account(s, s->any);
	int rc = step_answers(s, st, f);

	db_reset(st);
	return rc;
}

/* The caller resets s->get. */
static int
get_list(
    struct answer_store *s, struct str domain, struct str *list, struct fail *f)
{
	int rc;

	db_bind(bind_account(s, s->get), 3, domain);
	rc = step_answers(s, s->get, f);
	*list = rc == 1 ? db_text(s->get, 0) : STR("");
	return rc < 0 ? -1 : 0;
}

int
answer_store_load(struct answer_store *s, struct breaker *b, struct fail *f)
{
	struct str list;
	int rc = get_list(s, ALL, &list, f);

	if (rc == 0)
		breaker_parse(b, list);
	db_reset(s->get);
	return rc;
}

int
answer_store_load_domain(
    struct answer_store *s, struct str domain, struct outage *o, struct fail *f)
{
	struct str list;
	int rc = get_list(s, domain, &list, f);

	if (rc == 0)
		outage_parse(o, list);
	db_reset(s->get);
	return rc;
}

/* An empty list is no row. */
static int
set_list(
    struct answer_store *s, struct str domain, struct str list, struct fail *f)
{
	struct db_statement *st =
	    bind_account(s, list.n > 0 ? s->set : s->remove);

	db_bind(st, 3, domain);
	if (list.n > 0)
		db_bind(st, 4, list);
	return step_answers(s, st, f);
}

int
answer_store_save(
    struct answer_store *s, const struct breaker *b, struct fail *f)
{
	struct buf list = {0};
	int rc;

	if (!breaker_is_clean(b))
		breaker_put(&list, b);
	rc = set_list(s, ALL, buf_str(&list), f);
	buf_free(&list);
	return rc;
}

int
answer_store_save_domain(struct answer_store *s, struct str domain,
    const struct outage *o, struct fail *f)
{
	struct buf list = {0};
	int rc;

	if (!outage_is_clean(o))
		outage_put(&list, o);
	rc = set_list(s, domain, buf_str(&list), f);
	buf_free(&list);
	return rc;
}

int
answer_store_each_domain(
    struct answer_store *s, answer_store_fn *fn, void *ctx, struct fail *f)
{
	struct db_statement *st = bind_account(s, s->each);
	struct outage o;
	int rc;

	while ((rc = step_answers(s, st, f)) == 1) {
		outage_parse(&o, db_text(st, 1));
		rc = fn(ctx, db_text(st, 0), &o, f);
		if (rc != 0)
			break;
	}
	db_reset(st);
	return rc;
}

int
answer_store_clear(struct answer_store *s, struct fail *f)
{
	return step_answers(s, bind_account(s, s->clear), f) < 0 ? -1 : 0;
}
