#include "port/ledger_sqlite/claim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "mail/ledger/ledger_state.h"
#include "mail/record/outcome_class.h"
#include "port/db/generation.h"
#include "port/db/transaction.h"
#include "port/optout/hidden_key.h"
#include "port/roster/roster.h"

#define CLOCK_SLACK_MS 60000

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
    "INSERT INTO deliveries(email_id, key, email, user_id, state, owner,"
    " attempt) VALUES(?1, ?2, ?3, ?4, 'claimed', ?5, 0)";
static const char SQL_ADD_DOUBT[] =
    "INSERT INTO deliveries(email_id, key, email, user_id, state, class,"
    " attempt, at) VALUES(?1, ?2, ?3, ?4, 'in_doubt', 'no_reply', 1, ?5)";
static const char SQL_TAKE_ROW[] =
    "UPDATE deliveries SET prior=state, state='claimed', email=?3, user_id=?4,"
    " owner=?5, first=iif(?6, first, NULL) WHERE email_id=?1 AND key=?2";

struct claim {
	struct db *db;
	bool lazy;         /* see transaction.h */
	const char *owner; /* of the claim that is being made */
	struct db_statement *mailing, *add_mailing, *set_content;
	struct db_statement *row, *hidden, *add_row, *take_row;
	struct db_statement *add_doubt;
	bool uncertain;   /* the mailing is: see ledger_admin.h */
	bool some_hidden; /* the mailing has rows of erased persons */
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
claim_open(struct claim **out, struct db *db, bool lazy, struct fail *f)
{
	struct claim *c = mem_new(sizeof(*c));

	c->db = db;
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

/* 1: the mailing has this content; 0: its content is to be replaced. */
static int
compare_mailing(struct claim *c, const struct ledger_item *it,
    const struct claim_policy *policy, struct fail *f)
{
	struct str course = db_text(c->mailing, 0);

	if (course.n == 0) /* entered as uncertain, and no more is known */
		return 0;
	if (!str_eq(course, it->course_id))
		return fail_system(f,
		    "mailing %.*s belongs to course %.*s, not to %.*s",
		    (int)it->email_id.n, it->email_id.p, (int)course.n,
		    course.p, (int)it->course_id.n, it->course_id.p);
	if (str_eq(db_text(c->mailing, 1), it->content))
		return 1;
	if (policy->accept_content)
		return 0;
	return fail_system(f,
	    "mailing %.*s was begun with another text; --accept-content sends "
	    "this one to those who have not got it yet, another --id makes a "
	    "mailing of its own",
	    (int)it->email_id.n, it->email_id.p);
}

/* Adds the mailing's row, or compares it. */
static int
check_mailing(struct claim *c, const struct ledger_item *it,
    const struct claim_policy *policy, int64_t now, enum ledger_state *state,
    struct fail *f)
{
	int rc;

	db_bind(c->mailing, 1, it->email_id);
	rc = step_statement(c, c->mailing, f);
	*state = LEDGER_OPEN;
	c->uncertain = false;
	if (rc < 0)
		return -1;
	if (rc == 0)
		return add_mailing(c, it, now, f);
	*state = ledger_state_parse(db_text(c->mailing, 2));
	c->uncertain = db_int(c->mailing, 3) != 0 && policy->again_before == 0;
	rc = compare_mailing(c, it, policy, f);
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

static int
write_claim(struct claim *c, struct db_statement *st, struct ledger_item *it,
    struct fail *f)
{
	db_bind(st, 1, it->email_id);
	db_bind(st, 2, it->key);
	db_bind(st, 3, it->email);
	db_bind(st, 4, it->user_id);
	db_bind(st, 5, str_of(c->owner));
	return step_statement(c, st, f);
}

/* Of some classes no retry can help; else the lifetime begins anew. */
static bool
may_reopen(struct ledger_item *it, const struct claim_policy *policy)
{
	it->reopened = outcome_class_reopens(policy->retry_class,
	    policy->retry_since, str_of(it->was_class), it->was_at);
	if (it->reopened)
		it->first = 0;
	return it->reopened;
}

static enum claim_verdict
judge_deferred(
    struct ledger_item *it, const struct claim_policy *policy, int64_t now)
{
	if (may_reopen(it, policy))
		return CLAIM_YOURS;
	if (it->next_try == 0 && strcmp(it->was_class, "breaker") == 0)
		return CLAIM_NOT_YET; /* a person has to look */
	return policy->wait_over || it->next_try <= now ? CLAIM_YOURS
							: CLAIM_NOT_YET;
}

/* A row written by a clock far ahead of ours may be tried now. */
static int64_t
read_next_try(struct claim *c, int64_t now)
{
	bool ahead =
	    !db_is_null(c->row, 3) && db_int(c->row, 6) > now + CLOCK_SLACK_MS;

	return ahead ? now : db_int(c->row, 3);
}

/* Reads the row that c->row is at. */
static enum claim_verdict
judge_row(struct claim *c, struct ledger_item *it,
    const struct claim_policy *policy, int64_t now)
{
	struct str state = db_text(c->row, 0), class = db_text(c->row, 1);
	int status = outcome_status_parse(state);

	snprintf(it->was_class, sizeof(it->was_class), "%.*s", (int)class.n,
	    class.n > 0 ? class.p : "");
	it->attempt = db_int(c->row, 2) + 1;
	it->next_try = read_next_try(c, now);
	it->first = db_int(c->row, 5);
	it->was_at = db_int(c->row, 6);
	it->reopened = false;
	if (status < 0)
		return str_is(db_text(c->row, 4), c->owner) ? CLAIM_AGAIN
							    : CLAIM_BUSY;
	it->was = (enum outcome_status)status;
	/* A try is made again, whatever became of the one before. */
	if (db_int(c->row, 6) < policy->again_before) {
		it->first = 0;
		return CLAIM_YOURS;
	}
	it->was_in_doubt = it->was == OUTCOME_IN_DOUBT;
	switch (it->was) {
	case OUTCOME_DEFERRED:
		return judge_deferred(it, policy, now);
	case OUTCOME_IN_DOUBT:
		return policy->resend_in_doubt ? CLAIM_YOURS : CLAIM_IN_DOUBT;
	case OUTCOME_FAILED:
	case OUTCOME_SKIPPED:
		/* Of an uncertain mailing a later retry may be lost. */
		if (c->uncertain && !policy->resend_in_doubt)
			return CLAIM_FINAL;
		return may_reopen(it, policy) ? CLAIM_YOURS : CLAIM_FINAL;
	case OUTCOME_SENT:
		break;
	}
	return CLAIM_FINAL;
}

/* A row that was settled before the person was erased stays settled. */
static int
judge_hidden(struct claim *c, struct ledger_item *it,
    const struct claim_policy *policy, int64_t now, struct fail *f)
{
	struct buf key = {0};
	int rc;

	hidden_key_put(&key, it->key);
	db_bind(c->row, 2, buf_str(&key));
	rc = step_statement(c, c->row, f);
	if (rc == 1) {
		judge_row(c, it, policy, now);
		it->verdict = CLAIM_FINAL;
	}
	db_reset(c->row);
	buf_free(&key);
	return rc < 0 ? -1 : 0;
}

/* A person without a row in an uncertain mailing may have got it. */
static int
judge_absent(struct claim *c, struct ledger_item *it,
    const struct claim_policy *policy, int64_t now, struct fail *f)
{
	if (policy->resend_in_doubt) {
		it->was_in_doubt = true;
		return 0;
	}
	it->verdict = CLAIM_IN_DOUBT;
	it->attempt++; /* the one that may have been is not due again */
	db_bind(c->add_doubt, 1, it->email_id);
	db_bind(c->add_doubt, 2, it->key);
	db_bind(c->add_doubt, 3, it->email);
	db_bind(c->add_doubt, 4, it->user_id);
	db_bind_int(c->add_doubt, 5, now);
	return step_statement(c, c->add_doubt, f);
}

/* Of a cancelled mailing all rows are claimed that could still be sent. */
static int
claim_one(struct claim *c, struct ledger_item *it, enum ledger_state state,
    const struct claim_policy *policy, int64_t now, struct fail *f)
{
	struct claim_policy all = {.wait_over = true};
	int exists;

	if (state == LEDGER_HELD || state == LEDGER_PRUNED) {
		it->verdict = state == LEDGER_HELD ? CLAIM_HELD : CLAIM_PRUNED;
		return 0;
	}
	db_bind(c->row, 1, it->email_id);
	db_bind(c->row, 2, it->key);
	exists = step_statement(c, c->row, f);
	if (exists < 0)
		return -1;
	it->verdict = CLAIM_YOURS;
	it->attempt = 1;
	it->first = 0;
	it->was_in_doubt = false;
	if (exists)
		it->verdict = judge_row(
		    c, it, state == LEDGER_CANCELLED ? &all : policy, now);
	db_reset(c->row);
	if (!exists && c->some_hidden &&
	    judge_hidden(c, it, policy, now, f) < 0)
		return -1;
	if (!exists && it->verdict == CLAIM_YOURS && c->uncertain &&
	    judge_absent(c, it, policy, now, f) < 0)
		return -1;
	if (it->verdict != CLAIM_YOURS)
		return 0;
	if (state == LEDGER_CANCELLED)
		it->verdict = CLAIM_CANCELLED;
	db_bind_int(c->take_row, 6, it->first != 0);
	return write_claim(c, exists ? c->take_row : c->add_row, it, f);
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
	enum ledger_state state = LEDGER_OPEN;

	for (size_t i = 0; i < n; i++) {
		struct ledger_item *it = items[i];

		if (last == NULL || !str_eq(last->email_id, it->email_id) ||
		    !str_eq(last->content, it->content) ||
		    !str_eq(last->course_id, it->course_id)) {
			if (roster_check_course(c->db, it->course_id, f) < 0 ||
			    check_mailing(c, it, policy, now, &state, f) < 0 ||
			    read_some_hidden(c, it, f) < 0)
				return -1;
			last = it;
		}
		if (claim_one(c, it, state, policy, now, f) < 0)
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
	    claim_all(c, items, n, policy, now, f) < 0) {
		transaction_rollback(c->db);
		return -1;
	}
	return transaction_commit(c->db, f);
}
