#include "port/send/settle.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "mail/mime/addr.h"
#include "mail/mime/message_id.h"
#include "mail/record/outcome.h"
#include "port/db/generation.h"
#include "port/db/transaction.h"

#define SLICE 200 /* recipients in one transaction: about 5 ms */

static const char SQL_MAILING[] = "SELECT 1 FROM emails WHERE id=?1";
static const char SQL_KEYS[] = "SELECT key FROM deliveries WHERE email_id=?1";
static const char SQL_ROW[] =
    "SELECT state FROM deliveries WHERE email_id=?1 AND key=?2";
static const char SQL_SENT[] =
    "UPDATE deliveries SET state='sent', class='ok', next_try=NULL,"
    " queue_id=coalesce(?3, queue_id),"
    " reply='settled by the operator: sent'"
    " WHERE email_id=?1 AND key=?2 AND state='in_doubt' AND owner IS NULL";
/* As after a lost connection; the lifetime begins anew. */
static const char SQL_REOPEN[] =
    "UPDATE deliveries SET state='deferred', class='connection', first=NULL,"
    " next_try=?3, reply='settled by the operator: not sent'"
    " WHERE email_id=?1 AND key=?2 AND state='in_doubt' AND owner IS NULL";

struct settle {
	struct db *db;
	struct db_statement *mailing, *keys, *row, *sent, *reopen;
	struct arena *arena; /* of one line */
	bool in_transaction;
	struct settle_counts counts, pending; /* committed, and not yet */

	/* The recipient keys of one mailing, by Message-ID. */
	struct map *ids;
	struct arena *ids_arena;
	struct str ids_mailing;
};

int
settle_open(struct settle **out, struct db *db, struct fail *f)
{
	struct settle *s = mem_new(sizeof(*s));
	const struct db_sql list[] = {
	    {&s->mailing, SQL_MAILING},
	    {&s->keys, SQL_KEYS},
	    {&s->row, SQL_ROW},
	    {&s->sent, SQL_SENT},
	    {&s->reopen, SQL_REOPEN},
	};

	s->db = db;
	s->arena = arena_new();
	s->ids_arena = arena_new();
	if (db_prepare_all(db, list, sizeof(list) / sizeof(*list), f) < 0) {
		settle_close(s);
		return -1;
	}
	*out = s;
	return 0;
}

void
settle_close(struct settle *s)
{
	if (s == NULL)
		return;
	if (s->in_transaction)
		transaction_rollback(s->db);
	if (s->ids != NULL)
		map_free(s->ids);
	arena_free(s->ids_arena);
	arena_free(s->arena);
	free(s);
}

struct settle_counts
settle_counts(const struct settle *s)
{
	return s->counts;
}

int
settle_flush(struct settle *s, struct fail *f)
{
	if (!s->in_transaction)
		return 0;
	s->in_transaction = false;
	if (transaction_commit(s->db, f) < 0)
		return -1;
	s->counts.sent += s->pending.sent;
	s->counts.reopened += s->pending.reopened;
	s->counts.already += s->pending.already;
	s->pending = (struct settle_counts){0};
	return 0;
}

/* 1 with a row: its reader resets the statement; 0 without. */
static int
step_settle(struct settle *s, struct db_statement *st, struct fail *f)
{
	int rc = db_step(s->db, st, f);

	return rc < 0 ? db_fail(s->db, f, "ledger") : rc;
}

static int
check_mailing(struct settle *s, struct str id, struct fail *f)
{
	int rc;

	db_bind(s->mailing, 1, id);
	rc = step_settle(s, s->mailing, f);
	db_reset(s->mailing);
	if (rc == 0)
		return fail_data(
		    f, "no mailing %.*s in the ledger", (int)id.n, id.p);
	return rc < 0 ? -1 : 0;
}

static void
index_key(struct settle *s, struct str key)
{
	struct buf id = {0};
	struct str *value;

	message_id_make(&id, s->ids_mailing, key);
	value = map_put(s->ids, buf_str(&id));
	*value = arena_str(s->ids_arena, key);
	buf_free(&id);
}

/* A Message-ID is a hash: the mailing's recipients are tried, all of them. */
static int
index_mailing(struct settle *s, struct str id, struct fail *f)
{
	int rc;

	if (s->ids != NULL && str_eq(s->ids_mailing, id))
		return 0;
	/* This may take a second: nobody is to wait for it. */
	if (settle_flush(s, f) < 0)
		return -1;
	if (s->ids != NULL)
		map_free(s->ids);
	arena_reset(s->ids_arena);
	s->ids = map_new(sizeof(struct str));
	s->ids_mailing = arena_str(s->ids_arena, id);
	db_bind(s->keys, 1, id);
	while ((rc = step_settle(s, s->keys, f)) == 1)
		index_key(s, db_text(s->keys, 0));
	return rc;
}

static int
find_recipient(struct settle *s, const struct settlement *x, struct str *key,
    struct fail *f)
{
	const struct str *found;
	struct addr a;

	if (x->email.p != NULL) {
		if (addr_parse(&a, x->email, ADDR_RESERVED, s->arena, f) < 0)
			return -1;
		*key = a.key;
		return 0;
	}
	if (index_mailing(s, x->email_id, f) < 0)
		return -1;
	found = map_get(s->ids, x->message_id);
	if (found == NULL)
		return fail_data(f,
		    "no recipient of mailing %.*s has the Message-ID <%.*s@>",
		    (int)x->email_id.n, x->email_id.p, (int)x->message_id.n,
		    x->message_id.p);
	*key = *found;
	return 0;
}

/* The row is not in doubt: it says the same as the line, or it does not. */
static int
compare_row(struct settle *s, const struct settlement *x, struct str key,
    struct str state, struct fail *f)
{
	int status = outcome_status_parse(state);

	if (status < 0) {
		fail_temp(f,
		    "%.*s is busy: a running bm-send has the message; run the "
		    "same command again",
		    (int)key.n, key.p);
		return 1;
	}
	if ((status == OUTCOME_SENT) != x->sent)
		return fail_data(f,
		    "%.*s of mailing %.*s is not in doubt but %.*s, so that it "
		    "cannot become %s",
		    (int)key.n, key.p, (int)x->email_id.n, x->email_id.p,
		    (int)state.n, state.p, x->sent ? "sent" : "not_sent");
	s->pending.already++;
	return 0;
}

static int
change_row(struct settle *s, const struct settlement *x, struct str key,
    int64_t now, struct fail *f)
{
	struct db_statement *st = x->sent ? s->sent : s->reopen;

	db_bind(st, 1, x->email_id);
	db_bind(st, 2, key);
	if (x->sent)
		db_bind(st, 3, x->queue_id);
	else
		db_bind_int(st, 3, now);
	if (generation_raise(s->db, f) < 0 || step_settle(s, st, f) < 0)
		return -1;
	if (x->sent)
		s->pending.sent++;
	else
		s->pending.reopened++;
	return 0;
}

static int
settle_row(struct settle *s, const struct settlement *x, struct str key,
    int64_t now, struct fail *f)
{
	struct str state = {0};
	int rc;

	db_bind(s->row, 1, x->email_id);
	db_bind(s->row, 2, key);
	rc = step_settle(s, s->row, f);
	if (rc == 1)
		state = arena_str(s->arena, db_text(s->row, 0));
	db_reset(s->row);
	if (rc == 0)
		return fail_data(f, "%.*s is no recipient of mailing %.*s",
		    (int)key.n, key.p, (int)x->email_id.n, x->email_id.p);
	if (rc < 0)
		return -1;
	if (!str_is(state, "in_doubt"))
		return compare_row(s, x, key, state, f);
	return change_row(s, x, key, now, f);
}

int
settle_line(
    struct settle *s, const struct settlement *x, int64_t now, struct fail *f)
{
	struct settle_counts *n = &s->pending;
	struct str key = {0};

	arena_reset(s->arena);
	if (n->sent + n->reopened + n->already >= SLICE &&
	    settle_flush(s, f) < 0)
		return -1;
	if (check_mailing(s, x->email_id, f) < 0 ||
	    find_recipient(s, x, &key, f) < 0)
		return -1;
	if (!s->in_transaction) {
		if (transaction_begin(s->db, f) < 0)
			return -1;
		s->in_transaction = true;
	}
	return settle_row(s, x, key, now, f);
}
