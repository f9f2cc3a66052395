#include "port/ledger_sqlite/claim.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "mail/ledger/claim_judge.h"
#include "port/db/generation.h"
#include "port/db/transaction.h"
#include "port/optout/hidden_key.h"
#include "port/roster/roster.h"

static const char SQL_MAILING[] =
    "SELECT course_id, content, state, uncertain FROM emails WHERE id=?1";
static const char SQL_ADD_MAILING[] =
    "INSERT INTO emails(id, course_id, content, created, subject)"
    " VALUES(?1,?2,?3,?4,?5)";
static const char SQL_SET_CONTENT[] =
    "UPDATE emails SET content=?2, subject=?3, course_id=?4 WHERE id=?1";
static const char SQL_ROW[] =
    "SELECT state, class, attempt, next_try, owner, first, at"
    " FROM deliveries WHERE email_id=?1 AND key=?2";
static const char SQL_HIDDEN[] =
    "SELECT 1 FROM deliveries WHERE email_id=?1"
    " AND key>='sha256:' AND key<'sha256;' LIMIT 1";
static const char SQL_ADD_ROW[] =
    "INSERT INTO deliveries(email_id, key, email, user_id, user_number, state,"
    " owner, attempt) VALUES(?1, ?2, ?3, ?4, nullif(?7, 0), 'claimed', ?5, 0)";
static const char SQL_ADD_DOUBT[] =
    "INSERT INTO deliveries(email_id, key, email, user_id, user_number, state,"
    " class, attempt, at)"
    " VALUES(?1, ?2, ?3, ?4, nullif(?7, 0), 'in_doubt', 'no_reply', 1, ?5)";
static const char SQL_TAKE_ROW[] =
    "UPDATE deliveries SET prior=state, state='claimed', email=?3, user_id=?4,"
    " user_number=nullif(?7, 0), owner=?5, first=iif(?6, first, NULL) WHERE "
    "email_id=?1 AND key=?2";

struct claim {
	struct db *db;
	struct look *look;
	bool lazy;         /* see transaction.h */
	const char *owner; /* of the claim that is being made */
	struct db_statement *mailing, *add_mailing, *set_content;
	struct db_statement *row, *hidden, *add_row, *take_row;
	struct db_statement *add_doubt;
	struct claim_judge_mailing of; /* the items that are being claimed */
	bool some_hidden;      /* the mailing has rows of erased persons */
	struct buf hidden_key; /* for a row */
};

static int
prepare_statements(struct claim *c, struct fail *f)
{
	const struct db_sql list[] = {
	    {&c->mailing, SQL_MAILING},
	    {&c->add_mailing, SQL_ADD_MAILING},
	    {&c->set_content, SQL_SET_CONTENT},
	    {&c->row, SQL_ROW},
	    {&c->hidden, SQL_HIDDEN},
	    {&c->add_row, SQL_ADD_ROW},
	    {&c->take_row, SQL_TAKE_ROW},
	    {&c->add_doubt, SQL_ADD_DOUBT},
	};

	return db_prepare_all(c->db, list, sizeof(list) / sizeof(*list), f);
}

int
claim_open(struct claim **out, struct db *db, struct look *look, bool lazy,
    struct fail *f)
{
	struct claim *c = mem_new(sizeof(*c));

	c->db = db;
	c->look = look;
	c->lazy = lazy;
	if (prepare_statements(c, f) < 0) {
		claim_close(c);
		return -1;
	}
	*out = c;
	return 0;
}

void
claim_close(struct claim *c)
{
	if (c == NULL)
		return;
	buf_free(&c->hidden_key);
	free(c);
}

/* 1 with a row: its reader resets the statement; 0 without. */
static int
step_statement(struct claim *c, struct db_statement *st, struct fail *f)
{
	int rc = db_step(c->db, st, f);

	return rc < 0 ? db_fail(c->db, f, "ledger") : rc;
}

/* Before the mailing is committed: an older copy would not know of it. */
static int
list_mailing(struct claim *c, const struct ledger_item *it, struct fail *f)
{
	struct generation_file_mailing m = {
	    it->email_id, it->course_id, it->content};

	return generation_list(c->db, &m, f);
}

static int
add_mailing(
    struct claim *c, const struct ledger_item *it, int64_t now, struct fail *f)
{
	db_bind(c->add_mailing, 1, it->email_id);
	db_bind(c->add_mailing, 2, it->course_id);
	db_bind(c->add_mailing, 3, it->content);
	db_bind_int(c->add_mailing, 4, now);
	db_bind(c->add_mailing, 5, it->subject);
	if (list_mailing(c, it, f) < 0)
		return -1;
	return step_statement(c, c->add_mailing, f);
}

/* Reads the row that c->mailing is at; the strings are borrowed from it. */
static void
note_mailing(struct claim *c)
{
	c->of = (struct claim_judge_mailing){
	    .state = ledger_state_parse(db_text(c->mailing, 2)),
	    .uncertain = db_int(c->mailing, 3) != 0,
	    .course_id = db_text(c->mailing, 0),
	    .content = db_text(c->mailing, 1),
	};
}

/* Adds the mailing's row, or compares it. */
static int
check_mailing(struct claim *c, const struct ledger_item *it,
    const struct claim_policy *policy, int64_t now, struct fail *f)
{
	int rc;

	db_bind(c->mailing, 1, it->email_id);
	rc = step_statement(c, c->mailing, f);
	c->of = (struct claim_judge_mailing){.state = LEDGER_OPEN};
	if (rc < 0)
		return -1;
	if (rc == 0)
		return add_mailing(c, it, now, f);
	note_mailing(c);
	rc = claim_judge_text(&c->of, it, policy, f);
	db_reset(c->mailing);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	db_bind(c->set_content, 1, it->email_id);
	db_bind(c->set_content, 2, it->content);
	db_bind(c->set_content, 3, it->subject);
	db_bind(c->set_content, 4, it->course_id);
	if (list_mailing(c, it, f) < 0)
		return -1;
	return step_statement(c, c->set_content, f);
}

/* Every statement that writes a row has these parameters. */
static int
write_row(struct claim *c, struct db_statement *st, struct ledger_item *it,
    struct fail *f)
{
	db_bind(st, 1, it->email_id);
	db_bind(st, 2, it->key);
	db_bind(st, 3, it->email);
	db_bind(st, 4, it->user_id);
	db_bind_int(st, 7, it->user_number);
	return step_statement(c, st, f);
}

/* 1: the row of a key, borrowed until c->row is reset; 0: there is none. */
static int
find_row(struct claim *c, const struct ledger_item *it, struct str key,
    struct claim_judge_row *row, struct fail *f)
{
	int rc;

	db_bind(c->row, 1, it->email_id);
	db_bind(c->row, 2, key);
	rc = step_statement(c, c->row, f);
	if (rc == 1)
		*row = (struct claim_judge_row){
		    .kind = CLAIM_JUDGE_ROW,
		    .state = db_text(c->row, 0),
		    .class = db_text(c->row, 1),
		    .attempt = db_int(c->row, 2),
		    .next_try = db_int(c->row, 3),
		    .own = str_is(db_text(c->row, 4), c->owner),
		    .first = db_int(c->row, 5),
		    .at = db_int(c->row, 6),
		};
	return rc;
}

static int
find_hidden_row(struct claim *c, const struct ledger_item *it,
    struct claim_judge_row *row, struct fail *f)
{
	int rc;

	db_reset(c->row);
	buf_reset(&c->hidden_key);
	hidden_key_put(&c->hidden_key, it->key);
	rc = find_row(c, it, buf_str(&c->hidden_key), row, f);
	if (rc == 1)
		row->kind = CLAIM_JUDGE_HIDDEN;
	return rc;
}

static int
write_claim(struct claim *c, struct ledger_item *it,
    enum claim_judge_write write, int64_t now, struct fail *f)
{
	struct db_statement *st = NULL;

	switch (write) {
	case CLAIM_JUDGE_NOTHING:
		return 0;
	case CLAIM_JUDGE_ADD:
		db_bind(c->add_row, 5, str_of(c->owner));
		st = c->add_row;
		break;
	case CLAIM_JUDGE_TAKE:
		db_bind(c->take_row, 5, str_of(c->owner));
		db_bind_int(c->take_row, 6, it->first != 0);
		st = c->take_row;
		break;
	case CLAIM_JUDGE_DOUBT:
		db_bind_int(c->add_doubt, 5, now);
		return write_row(c, c->add_doubt, it, f);
	}
	if (look_claim(c->look, it, c->of.state, f) < 0)
		return -1;
	return write_row(c, st, it, f);
}

static int
claim_one(struct claim *c, struct ledger_item *it,
    const struct claim_policy *policy, int64_t now, struct fail *f)
{
	struct claim_judge_row row = {.kind = CLAIM_JUDGE_ABSENT};
	enum claim_judge_write write;
	int found;

	if (claim_judge_closed(&c->of, it))
		return 0;
	found = find_row(c, it, it->key, &row, f);
	if (found == 0 && c->some_hidden)
		found = find_hidden_row(c, it, &row, f);
	if (found < 0)
		return -1;
	write = claim_judge(&c->of, &row, it, policy, now);
	db_reset(c->row);
	return write_claim(c, it, write, now, f);
}

static int
read_some_hidden(struct claim *c, const struct ledger_item *it, struct fail *f)
{
	int rc;

	db_bind(c->hidden, 1, it->email_id);
	rc = step_statement(c, c->hidden, f);
	db_reset(c->hidden);
	c->some_hidden = rc == 1;
	return rc < 0 ? -1 : 0;
}

static int
claim_all(struct claim *c, struct ledger_item **items, size_t n,
    const struct claim_policy *policy, int64_t now, struct fail *f)
{
	const struct ledger_item *last = NULL;

	for (size_t i = 0; i < n; i++) {
		struct ledger_item *it = items[i];

		if (last == NULL || !str_eq(last->email_id, it->email_id) ||
		    !str_eq(last->content, it->content) ||
		    !str_eq(last->course_id, it->course_id)) {
			if (roster_check_course(c->db, it->course_id, f) < 0 ||
			    check_mailing(c, it, policy, now, f) < 0 ||
			    read_some_hidden(c, it, f) < 0)
				return -1;
			last = it;
		}
		if (claim_one(c, it, policy, now, f) < 0)
			return -1;
	}
	return 0;
}

int
claim_items(struct claim *c, const struct journal_place *place,
    struct ledger_item **items, size_t n, const struct claim_policy *policy,
    int64_t now, struct fail *f)
{
	if (n == 0)
		return 0;
	c->owner = place->owner;
	if (transaction_begin_lazy(c->db, c->lazy, f) < 0)
		return -1;
	if (generation_claim(c->db, f) < 0 ||
	    journal_place_store(c->db, place, f) < 0 ||
	    look_begin(c->look, f) < 0 ||
	    claim_all(c, items, n, policy, now, f) < 0) {
		transaction_rollback(c->db);
		return -1;
	}
	return transaction_commit(c->db, f);
}
