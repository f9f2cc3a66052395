#include "port/send/settle.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "mail/mime/addr.h"
#include "mail/mime/message_id.h"
#include "mail/record/outcome.h"
#include "port/ledger/ledger_recipient.h"
#include "port/ledger/ledger_visit.h"

#define SLICE 200 /* recipients in one transaction: about 5 ms */

struct settle {
	struct store *store;
	struct arena *arena; /* of one line */
	bool in_transaction;
	struct settle_counts counts, pending; /* committed, and not yet */

	/* The recipient keys of one mailing, by Message-ID. */
	struct map *ids;
	struct arena *ids_arena;
	struct str ids_mailing;
};

struct settle *
settle_new(struct store *store)
{
	struct settle *s = mem_new(sizeof(*s));

	s->store = store;
	s->arena = arena_new();
	s->ids_arena = arena_new();
	return s;
}

void
settle_free(struct settle *s)
{
	if (s->in_transaction)
		store_rollback(s->store);
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
	if (store_commit(s->store, f) < 0)
		return -1;
	s->counts.sent += s->pending.sent;
	s->counts.reopened += s->pending.reopened;
	s->counts.already += s->pending.already;
	s->pending = (struct settle_counts){0};
	return 0;
}

static int
check_mailing(struct settle *s, struct str id, struct fail *f)
{
	struct ledger_row_mailing m;
	int rc = ledger_visit_mailing(s->store, id, &m, s->arena, f);

	if (rc == 0)
		return fail_data(
		    f, "no mailing %.*s in the ledger", (int)id.n, id.p);
	return rc < 0 ? -1 : 0;
}

/* As a ledger_row_fn. */
static int
index_key(void *ctx, const struct report_row *row, struct fail *f)
{
	struct settle *s = ctx;
	struct buf id = {0};
	struct str *value;

	(void)f;
	message_id_make(&id, s->ids_mailing, row->key);
	value = map_put(s->ids, buf_str(&id));
	*value = arena_str(s->ids_arena, row->key);
	buf_free(&id);
	return 0;
}

/* A Message-ID is a hash: the mailing's recipients are tried, all of them. */
static int
index_mailing(struct settle *s, struct str id, struct fail *f)
{
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
	return ledger_visit_rows(
	    s->store, id, LEDGER_ROW_KEYS, index_key, s, f);
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

/* The row was not in doubt: it says the same as the line, or it does not. */
static int
compare_row(struct settle *s, const struct settlement *x, struct str key,
    int status, struct fail *f)
{
	if (status < 0) {
		fail_temp(f,
		    "%.*s is busy: a running bm-send has the message; run the "
		    "same command again",
		    (int)key.n, key.p);
		return 1;
	}
	if ((status == OUTCOME_SENT) != x->sent)
		return fail_data(f,
		    "%.*s of mailing %.*s is not in doubt but %s, so that it "
		    "cannot become %s",
		    (int)key.n, key.p, (int)x->email_id.n, x->email_id.p,
		    outcome_status_name((enum outcome_status)status),
		    x->sent ? "sent" : "not_sent");
	s->pending.already++;
	return 0;
}

static int
settle_row(struct settle *s, const struct settlement *x, struct str key,
    int64_t now, struct fail *f)
{
	struct ledger_decision_word w = {.email_id = x->email_id,
	    .key = key,
	    .sent = x->sent,
	    .queue_id = x->queue_id,
	    .now = now};
	int was;
	int rc = ledger_recipient_settle(s->store, &w, &was, f);

	if (rc == 0)
		return fail_data(f, "%.*s is no recipient of mailing %.*s",
		    (int)key.n, key.p, (int)x->email_id.n, x->email_id.p);
	if (rc < 0)
		return -1;
	if (was != OUTCOME_IN_DOUBT)
		return compare_row(s, x, key, was, f);
	if (x->sent)
		s->pending.sent++;
	else
		s->pending.reopened++;
	return 0;
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
		if (store_begin(s->store, false, f) < 0)
			return -1;
		s->in_transaction = true;
	}
	return settle_row(s, x, key, now, f);
}
