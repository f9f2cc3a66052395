#include "port/ledger.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mail/fact.h"
#include "port/fold.h"
#include "port/journal.h"

#define FOLD_FACTS 256
#define FOLD_MS 250
#define JOURNAL_MAX (4u << 20) /* bytes; then it starts afresh */

static const char SQL_MAILING[] =
    "SELECT course_id, content, state FROM emails WHERE id=?1";
static const char SQL_ADD_MAILING[] =
    "INSERT INTO emails(id, course_id, content, created) VALUES(?1,?2,?3,?4)";
static const char SQL_SET_CONTENT[] =
    "UPDATE emails SET content=?2 WHERE id=?1";
static const char SQL_SET_STATE[] = "UPDATE emails SET state=?2 WHERE id=?1";
static const char SQL_ROW[] = "SELECT state, class, attempt, next_try, owner"
			      " FROM deliveries WHERE email_id=?1 AND key=?2";
static const char SQL_ADD_ROW[] =
    "INSERT INTO deliveries(email_id, key, email, user_id, state, owner,"
    " attempt) VALUES(?1, ?2, ?3, ?4, 'claimed', ?5, 0)";
static const char SQL_TAKE_ROW[] =
    "UPDATE deliveries SET prior=state, state='claimed', email=?3, user_id=?4,"
    " owner=?5 WHERE email_id=?1 AND key=?2";
static const char SQL_ASSUME[] =
    "UPDATE deliveries SET state='sent', class='ok', at=?2,"
    " reply='assumed sent by the operator'"
    " WHERE email_id=?1 AND state='in_doubt'";
static const char SQL_COUNTS[] =
    "SELECT state, class, count(*) FROM deliveries WHERE email_id=?1"
    " GROUP BY state, class ORDER BY state, class";

/* An intent whose outcome is not known yet. */
struct pending {
	const struct ledger_item *item;
	int64_t at;
};

struct ledger {
	struct db *db;
	enum ledger_durability durability;
	struct fold *fold;
	struct journal *journal; /* made by the first claim */
	char *dir;
	struct buf fresh;    /* facts not yet in the journal */
	struct buf unfolded; /* facts in the journal, not yet in the rows */
	size_t unfolded_count;
	int64_t unfolded_since;
	size_t fresh_count;
	struct pending *pending;
	size_t pending_count, pending_cap;
	struct sqlite3_stmt *mailing, *add_mailing, *set_content, *set_state;
	struct sqlite3_stmt *row, *add_row, *take_row, *assume, *counts;
};

static int
prepare(struct ledger *l, struct fail *f)
{
	struct {
		struct sqlite3_stmt **st;
		const char *sql;
	} all[] = {
	    {&l->mailing, SQL_MAILING},
	    {&l->add_mailing, SQL_ADD_MAILING},
	    {&l->set_content, SQL_SET_CONTENT},
	    {&l->set_state, SQL_SET_STATE},
	    {&l->row, SQL_ROW},
	    {&l->add_row, SQL_ADD_ROW},
	    {&l->take_row, SQL_TAKE_ROW},
	    {&l->assume, SQL_ASSUME},
	    {&l->counts, SQL_COUNTS},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (db_prepare(l->db, all[i].st, all[i].sql, f) < 0)
			return -1;
	}
	return fold_open(&l->fold, l->db, f);
}

static int
fold_one(void *ctx, const char *owner, struct str content, struct fail *f)
{
	struct ledger *l = ctx;

	return fold_dead(l->fold, owner, content, f);
}

static int
recover(struct ledger *l, struct fail *f)
{
	if (journal_each_dead(l->dir, fold_one, l, f) < 0)
		return -1;
	return fold_orphans(l->fold, l->dir, f);
}

static void
ledger_free(struct ledger *l)
{
	fold_free(l->fold);
	buf_free(&l->fresh);
	buf_free(&l->unfolded);
	free(l->pending);
	free(l->dir);
	free(l);
}

int
ledger_open(struct ledger **out, struct db *db, enum ledger_durability d,
    struct fail *f)
{
	struct ledger *l = mem_new(sizeof(*l));
	struct buf dir = {0};

	l->db = db;
	l->durability = d;
	buf_printf(&dir, "%s-run", db_path(db));
	l->dir = mem_dup(dir.p, dir.len);
	buf_free(&dir);
	if (prepare(l, f) < 0 || recover(l, f) < 0) {
		ledger_free(l);
		return -1;
	}
	*out = l;
	return 0;
}

/*
 * Our own journal is folded as a dead owner's would be: whatever is unsettled
 * now ends as it would after a crash, by the same code.
 */
static int
end_journal(struct ledger *l, struct fail *f)
{
	struct buf all = {0};
	int rc;

	rc = journal_write(
	    l->journal, buf_str(&l->fresh), l->durability == LEDGER_POWER, f);
	if (rc == 0)
		rc = journal_read(l->journal, &all, f);
	if (rc == 0)
		rc = fold_dead(
		    l->fold, journal_owner(l->journal), buf_str(&all), f);
	buf_free(&all);
	return rc;
}

int
ledger_close(struct ledger *l, struct fail *f)
{
	int rc = 0;

	if (l->journal != NULL) {
		rc = end_journal(l, f);
		journal_close(l->journal, rc == 0);
	}
	ledger_free(l);
	return rc;
}

static int
step(struct ledger *l, struct sqlite3_stmt *st, struct fail *f)
{
	int rc = sqlite3_step(st);

	(void)sqlite3_reset(st);
	if (rc != SQLITE_DONE && rc != SQLITE_ROW)
		return db_fail(l->db, f, "ledger");
	return 0;
}

static enum ledger_state
state_of(struct str name)
{
	if (str_is(name, "held"))
		return LEDGER_ON_HOLD;
	return str_is(name, "cancelled") ? LEDGER_STOPPED : LEDGER_OPEN;
}

static int
add_mailing(
    struct ledger *l, const struct ledger_item *it, int64_t now, struct fail *f)
{
	db_bind(l->add_mailing, 1, it->email_id);
	db_bind(l->add_mailing, 2, it->course_id);
	db_bind(l->add_mailing, 3, it->content);
	sqlite3_bind_int64(l->add_mailing, 4, now);
	return step(l, l->add_mailing, f);
}

/* 1: the ledger has this content; 0: it has another one, to be replaced. */
static int
compare_mailing(struct ledger *l, const struct ledger_item *it,
    const struct ledger_policy *policy, struct fail *f)
{
	struct str course = db_text(l->mailing, 0);

	if (!str_eq(course, it->course_id))
		return fail_system(f,
		    "mailing %.*s belongs to course %.*s, not to %.*s",
		    (int)it->email_id.n, it->email_id.p, (int)course.n,
		    course.p, (int)it->course_id.n, it->course_id.p);
	if (str_eq(db_text(l->mailing, 1), it->content))
		return 1;
	if (policy->accept_content)
		return 0;
	return fail_system(f,
	    "mailing %.*s was begun with another text; --accept-content sends "
	    "this one to those who have not got it yet, another --id makes a "
	    "mailing of its own",
	    (int)it->email_id.n, it->email_id.p);
}

/* The mailing's row: made if new, compared if there. */
static int
check_mailing(struct ledger *l, const struct ledger_item *it,
    const struct ledger_policy *policy, int64_t now, enum ledger_state *state,
    struct fail *f)
{
	int rc;

	db_bind(l->mailing, 1, it->email_id);
	rc = sqlite3_step(l->mailing);
	*state = LEDGER_OPEN;
	if (rc == SQLITE_ROW) {
		*state = state_of(db_text(l->mailing, 2));
		rc = compare_mailing(l, it, policy, f);
		(void)sqlite3_reset(l->mailing);
		if (rc != 0)
			return rc < 0 ? -1 : 0;
		db_bind(l->set_content, 1, it->email_id);
		db_bind(l->set_content, 2, it->content);
		return step(l, l->set_content, f);
	}
	(void)sqlite3_reset(l->mailing);
	if (rc != SQLITE_DONE)
		return db_fail(l->db, f, "ledger");
	return add_mailing(l, it, now, f);
}

static int
write_claim(struct ledger *l, struct sqlite3_stmt *st, struct ledger_item *it,
    struct fail *f)
{
	db_bind(st, 1, it->email_id);
	db_bind(st, 2, it->key);
	db_bind(st, 3, it->email);
	db_bind(st, 4, it->user_id);
	db_bind(st, 5, str_of(journal_owner(l->journal)));
	return step(l, st, f);
}

/* bad_mailbox and bad_domain are the receiver's last word. */
static bool
may_reopen(const struct ledger_item *it, const struct ledger_policy *policy)
{
	return policy->retry_class != NULL &&
	       strcmp(it->was_class, policy->retry_class) == 0 &&
	       strcmp(it->was_class, "bad_mailbox") != 0 &&
	       strcmp(it->was_class, "bad_domain") != 0;
}

static enum ledger_verdict
judge_deferred(const struct ledger_item *it, const struct ledger_policy *policy,
    int64_t now)
{
	if (may_reopen(it, policy))
		return LEDGER_YOURS;
	if (strcmp(it->was_class, "breaker") == 0)
		return LEDGER_NOT_YET;
	if (policy->wait_over || it->next_try <= now)
		return LEDGER_YOURS;
	return LEDGER_NOT_YET;
}

/* The row is in l->row; its text dies with the next step. */
static enum ledger_verdict
judge_row(struct ledger *l, struct ledger_item *it,
    const struct ledger_policy *policy, int64_t now)
{
	struct str state = db_text(l->row, 0), class = db_text(l->row, 1);
	int status = record_status_parse(state);

	snprintf(it->was_class, sizeof(it->was_class), "%.*s", (int)class.n,
	    class.n > 0 ? class.p : "");
	it->attempt = sqlite3_column_int64(l->row, 2) + 1;
	it->next_try = sqlite3_column_int64(l->row, 3);
	if (status < 0)
		return str_is(db_text(l->row, 4), journal_owner(l->journal))
			   ? LEDGER_AGAIN
			   : LEDGER_BUSY;
	it->was = (enum outcome_status)status;
	it->was_in_doubt = it->was == OUTCOME_IN_DOUBT;
	switch (it->was) {
	case OUTCOME_DEFERRED:
		return judge_deferred(it, policy, now);
	case OUTCOME_IN_DOUBT:
		return policy->resend_in_doubt ? LEDGER_YOURS : LEDGER_IN_DOUBT;
	case OUTCOME_FAILED:
		return may_reopen(it, policy) ? LEDGER_YOURS : LEDGER_FINAL;
	case OUTCOME_SENT:
	case OUTCOME_SKIPPED:
		break;
	}
	return LEDGER_FINAL;
}

/* A cancelled mailing's rows are taken whenever they could still be sent. */
static int
claim_one(struct ledger *l, struct ledger_item *it, enum ledger_state state,
    const struct ledger_policy *policy, int64_t now, struct fail *f)
{
	struct ledger_policy all = {.wait_over = true};
	bool exists;
	int rc;

	if (state == LEDGER_ON_HOLD) {
		it->verdict = LEDGER_HELD;
		return 0;
	}
	db_bind(l->row, 1, it->email_id);
	db_bind(l->row, 2, it->key);
	rc = sqlite3_step(l->row);
	exists = rc == SQLITE_ROW;
	it->verdict = LEDGER_YOURS;
	it->attempt = 1;
	it->was_in_doubt = false;
	if (exists)
		it->verdict = judge_row(
		    l, it, state == LEDGER_STOPPED ? &all : policy, now);
	(void)sqlite3_reset(l->row);
	if (!exists && rc != SQLITE_DONE)
		return db_fail(l->db, f, "ledger");
	if (it->verdict != LEDGER_YOURS)
		return 0;
	if (state == LEDGER_STOPPED)
		it->verdict = LEDGER_CANCELLED;
	return write_claim(l, exists ? l->take_row : l->add_row, it, f);
}

static int
claim_all(struct ledger *l, struct ledger_item **items, size_t n,
    const struct ledger_policy *policy, int64_t now, struct fail *f)
{
	const struct ledger_item *last = NULL;
	enum ledger_state state = LEDGER_OPEN;

	for (size_t i = 0; i < n; i++) {
		struct ledger_item *it = items[i];

		if (last == NULL || !str_eq(last->email_id, it->email_id) ||
		    !str_eq(last->content, it->content) ||
		    !str_eq(last->course_id, it->course_id)) {
			if (check_mailing(l, it, policy, now, &state, f) < 0)
				return -1;
			last = it;
		}
		if (claim_one(l, it, state, policy, now, f) < 0)
			return -1;
	}
	return 0;
}

static int
claim_once(struct ledger *l, struct ledger_item **items, size_t n,
    const struct ledger_policy *policy, int64_t now, struct fail *f)
{
	if (n == 0)
		return 0;
	if (db_begin(l->db, f) < 0)
		return -1;
	if (claim_all(l, items, n, policy, now, f) < 0) {
		db_rollback(l->db);
		return -1;
	}
	return db_commit(l->db, f);
}

/* Move the busy ones to the front of items; how many there are. */
static size_t
pick_busy(struct ledger_item **items, size_t n)
{
	size_t busy = 0;

	for (size_t i = 0; i < n; i++) {
		struct ledger_item *it = items[i];

		if (it->verdict == LEDGER_BUSY) {
			items[i] = items[busy];
			items[busy++] = it;
		}
	}
	return busy;
}

int
ledger_claim(struct ledger *l, struct ledger_item **items, size_t n,
    const struct ledger_policy *policy, int64_t now, struct fail *f)
{
	size_t busy;

	if (l->journal == NULL && journal_open(&l->journal, l->dir, f) < 0)
		return -1;
	if (claim_once(l, items, n, policy, now, f) < 0)
		return -1;
	busy = pick_busy(items, n);
	if (busy == 0)
		return 0;
	/* Their owner may have died since we opened the ledger. */
	if (recover(l, f) < 0)
		return -1;
	return claim_once(l, items, busy, policy, now, f);
}

static void
add_pending(struct ledger *l, const struct ledger_item *it, int64_t at)
{
	if (l->pending_count == l->pending_cap) {
		l->pending_cap = l->pending_cap * 2 + 16;
		l->pending =
		    mem_grow(l->pending, l->pending_cap, sizeof(*l->pending));
	}
	l->pending[l->pending_count++] = (struct pending){it, at};
}

static void
drop_pending(struct ledger *l, const struct ledger_item *it)
{
	for (size_t i = 0; i < l->pending_count; i++) {
		if (l->pending[i].item == it) {
			l->pending[i] = l->pending[--l->pending_count];
			return;
		}
	}
}

static struct fact
fact_of(enum fact_kind kind, const struct ledger_item *it, int64_t now)
{
	return (struct fact){.kind = kind,
	    .email_id = it->email_id,
	    .key = it->key,
	    .at = now,
	    .attempt = it->attempt};
}

void
ledger_intend(struct ledger *l, const struct ledger_item *it, int64_t now)
{
	struct fact fact = fact_of(FACT_INTENT, it, now);

	drop_pending(l, it); /* a transport may start over */
	add_pending(l, it, now);
	fact_put(&l->fresh, &fact);
	l->fresh_count++;
}

void
ledger_settle(struct ledger *l, const struct ledger_item *it,
    const struct outcome *o, int64_t now)
{
	struct fact fact = fact_of(FACT_OUTCOME, it, now);

	fact.outcome = *o;
	drop_pending(l, it);
	fact_put(&l->fresh, &fact);
	l->fresh_count++;
}

void
ledger_release(struct ledger *l, const struct ledger_item *it)
{
	struct fact fact = fact_of(FACT_RELEASE, it, 0);

	drop_pending(l, it);
	fact_put(&l->fresh, &fact);
	l->fresh_count++;
}

/* What is folded is settled for good; only open intents must be kept. */
static int
renew_journal(struct ledger *l, struct fail *f)
{
	struct buf keep = {0};
	int rc;

	for (size_t i = 0; i < l->pending_count; i++) {
		struct fact fact =
		    fact_of(FACT_INTENT, l->pending[i].item, l->pending[i].at);

		fact_put(&keep, &fact);
	}
	rc = journal_rewrite(l->journal, buf_str(&keep), f);
	buf_free(&keep);
	return rc;
}

static int
fold_now(struct ledger *l, struct fail *f)
{
	if (fold_live(l->fold, journal_owner(l->journal), buf_str(&l->unfolded),
		f) < 0)
		return -1;
	buf_reset(&l->unfolded);
	l->unfolded_count = 0;
	if (journal_size(l->journal) > JOURNAL_MAX)
		return renew_journal(l, f);
	return 0;
}

int
ledger_sync(struct ledger *l, int64_t now, struct fail *f)
{
	if (l->journal == NULL)
		return 0;
	if (l->fresh.len > 0) {
		if (journal_write(l->journal, buf_str(&l->fresh),
			l->durability == LEDGER_POWER, f) < 0)
			return -1;
		if (l->unfolded_count == 0)
			l->unfolded_since = now;
		buf_addstr(&l->unfolded, buf_str(&l->fresh));
		l->unfolded_count += l->fresh_count;
		buf_reset(&l->fresh);
		l->fresh_count = 0;
	}
	/* A clock that went backwards must not put folding off. */
	if (l->unfolded_count < FOLD_FACTS && now >= l->unfolded_since &&
	    now < l->unfolded_since + FOLD_MS)
		return 0;
	return l->unfolded_count > 0 ? fold_now(l, f) : 0;
}

int
ledger_flush(struct ledger *l, struct fail *f)
{
	return l->unfolded_count > 0 ? fold_now(l, f) : 0;
}

int
ledger_state(struct ledger *l, struct str email_id, enum ledger_state *state,
    struct fail *f)
{
	int rc;

	db_bind(l->mailing, 1, email_id);
	rc = sqlite3_step(l->mailing);
	*state =
	    rc == SQLITE_ROW ? state_of(db_text(l->mailing, 2)) : LEDGER_OPEN;
	(void)sqlite3_reset(l->mailing);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		return db_fail(l->db, f, "ledger");
	return rc == SQLITE_ROW;
}

/* One write statement as a transaction of its own; rows changed. */
static long long
write_one(struct ledger *l, struct sqlite3_stmt *st, struct fail *f)
{
	long long changed;

	if (db_begin(l->db, f) < 0)
		return -1;
	if (step(l, st, f) < 0) {
		db_rollback(l->db);
		return -1;
	}
	changed = sqlite3_changes64(db_handle(l->db));
	return db_commit(l->db, f) < 0 ? -1 : changed;
}

int
ledger_set_state(struct ledger *l, struct str email_id, enum ledger_state state,
    struct fail *f)
{
	static const char *const names[] = {"open", "held", "cancelled"};
	long long changed;

	db_bind(l->set_state, 1, email_id);
	db_bind(l->set_state, 2, str_of(names[state]));
	changed = write_one(l, l->set_state, f);
	if (changed == 0)
		return fail_system(f, "no mailing %.*s in the ledger",
		    (int)email_id.n, email_id.p);
	return changed < 0 ? -1 : 0;
}

int
ledger_assume_sent(struct ledger *l, struct str email_id, int64_t now,
    long long *count, struct fail *f)
{
	db_bind(l->assume, 1, email_id);
	sqlite3_bind_int64(l->assume, 2, now);
	*count = write_one(l, l->assume, f);
	return *count < 0 ? -1 : 0;
}

int
ledger_counts(struct ledger *l, struct str email_id, ledger_count_fn *fn,
    void *ctx, struct fail *f)
{
	int rc;

	db_bind(l->counts, 1, email_id);
	while ((rc = sqlite3_step(l->counts)) == SQLITE_ROW) {
		if (fn(ctx, db_text(l->counts, 0), db_text(l->counts, 1),
			sqlite3_column_int64(l->counts, 2), f) < 0) {
			(void)sqlite3_reset(l->counts);
			return -1;
		}
	}
	(void)sqlite3_reset(l->counts);
	if (rc != SQLITE_DONE)
		return db_fail(l->db, f, "ledger");
	return 0;
}
