#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "memory/memory_rows.h"
#include "memory/memory_sender.h"
#include "port/ledger/ledger_store.h"

struct memory_ledger {
	struct ledger_store ledger; /* the first member */
	struct store *store;
};

static struct store *
store_of(struct ledger_store *l)
{
	return ((struct memory_ledger *)l)->store;
}

static int
open_sender(struct ledger **out, struct ledger_store *l,
    enum ledger_durability d, const struct recovery_notes *notes,
    struct fail *f)
{
	(void)d;
	(void)notes;
	return memory_sender_open(out, store_of(l), f);
}

static int
recover_dead(
    struct ledger_store *l, const struct recovery_notes *notes, struct fail *f)
{
	(void)notes;
	return memory_rows_recover(store_of(l), f);
}

/* --- decisions --- */

static int
find_mailing(
    struct store *s, struct str id, struct memory_mailing **m, struct fail *f)
{
	*m = memory_rows_mailing(s, id);
	if (*m == NULL)
		return fail_system(
		    f, "no mailing %.*s in the ledger", (int)id.n, id.p);
	return 0;
}

static int
set_state(struct ledger_store *l, struct str id, enum ledger_state state,
    struct fail *f)
{
	struct store *s = store_of(l);
	struct memory_mailing *m;
	int rc;

	if (store_begin(s, false, f) < 0)
		return -1;
	rc = find_mailing(s, id, &m, f);
	if (rc == 0 && !ledger_state_may_become(m->state, state))
		rc = ledger_state_refuse(m->state, id, f);
	if (rc == 0)
		m->state = state;
	return store_finish(s, rc, f);
}

static void
assume_row(struct memory_row *row, int64_t now)
{
	row->shown.state = REPORT_SENT;
	row->shown.class = STR("ok");
	row->shown.at = now;
}

static int
assume_sent(struct ledger_store *l, struct str id, int64_t now,
    long long *count, struct fail *f)
{
	struct store *s = store_of(l);
	struct memory_mailing *m;
	struct memory_data *d;
	int rc;

	if (store_begin(s, false, f) < 0)
		return -1;
	*count = 0;
	d = memory_data_of(s);
	rc = find_mailing(s, id, &m, f);
	for (size_t i = 0; rc == 0 && i < d->row_count; i++) {
		struct memory_row *row = &d->rows[i];

		if (!str_eq(row->shown.email_id, id) || row->claimed ||
		    row->shown.state != REPORT_IN_DOUBT)
			continue;
		assume_row(row, now);
		(*count)++;
	}
	return store_finish(s, rc, f);
}

static int
mark_uncertain(struct ledger_store *l, struct str id, int64_t now, bool *known,
    struct fail *f)
{
	struct store *s = store_of(l);
	struct memory_mailing *m;
	struct memory_data *d;

	if (store_begin(s, false, f) < 0)
		return -1;
	d = memory_data_of(s);
	m = memory_rows_mailing(s, id);
	*known = m != NULL;
	if (m == NULL) {
		m = memory_rows_add_mailing(s, id);
		m->created = now;
	}
	m->uncertain = true;
	for (size_t i = 0; i < d->row_count; i++) {
		struct memory_row *row = &d->rows[i];

		if (str_eq(row->shown.email_id, id) && !row->claimed &&
		    row->shown.state == REPORT_DEFERRED)
			memory_rows_doubt(row);
	}
	return store_commit(s, f);
}

static int
accept_older(struct ledger_store *l, int64_t now,
    struct ledger_decision_accepted *a, struct fail *f)
{
	(void)l;
	(void)now;
	(void)a;
	(void)f;
	return 0;
}

static int
settle_recipient(struct ledger_store *l, const struct ledger_decision_word *w,
    int *was, struct fail *f)
{
	struct memory_row *row =
	    memory_rows_find(store_of(l), w->email_id, w->key);

	(void)f;
	*was = -1;
	if (row == NULL)
		return 0;
	if (row->claimed)
		return 1;
	*was =
	    outcome_status_parse(str_of(report_state_name(row->shown.state)));
	if (*was != OUTCOME_IN_DOUBT)
		return 1;
	if (w->sent) {
		assume_row(row, row->shown.at);
		if (w->queue_id.p != NULL)
			row->shown.queue_id =
			    memory_data_keep(store_of(l), w->queue_id);
		return 1;
	}
	row->shown.state = REPORT_DEFERRED;
	row->shown.class = STR("connection");
	row->shown.next_try = w->now;
	row->first = 0;
	return 1;
}

static bool
ends_in(struct str key, struct str domain)
{
	return key.n > domain.n && key.p[key.n - domain.n - 1] == '@' &&
	       str_eq((struct str){key.p + key.n - domain.n, domain.n}, domain);
}

static bool
is_refused_so(
    const struct memory_row *row, const struct ledger_decision_reopen *r)
{
	const struct report_row *shown = &row->shown;

	if (row->claimed || row->print == 0 || shown->at < r->since ||
	    !str_eq(shown->relay, r->relay))
		return false;
	if (r->print != 0)
		return row->print == r->print;
	return shown->state == REPORT_FAILED &&
	       (str_is(shown->class, "bad_mailbox") ||
		   str_is(shown->class, "bad_domain")) &&
	       ends_in(shown->key, r->domain);
}

static long long
reopen_recipients(struct ledger_store *l,
    const struct ledger_decision_reopen *r, struct fail *f)
{
	struct memory_data *d = memory_data_of(store_of(l));
	long long count = 0;

	(void)f;
	for (size_t i = 0; i < d->row_count; i++) {
		struct memory_row *row = &d->rows[i];
		bool failed = row->shown.state == REPORT_FAILED;

		if (!is_refused_so(row, r) ||
		    (!failed && row->shown.state != REPORT_DEFERRED))
			continue;
		row->shown.state = REPORT_DEFERRED;
		row->shown.class = STR("breaker");
		row->shown.next_try = r->next_try;
		row->shown.reopened |= failed;
		count += failed;
	}
	return count;
}

/* --- old mailings --- */

static bool
is_old(struct memory_data *d, const struct memory_mailing *m, int64_t before)
{
	bool some = false;

	for (size_t i = 0; i < d->row_count; i++) {
		const struct memory_row *row = &d->rows[i];

		if (!str_eq(row->shown.email_id, m->id))
			continue;
		some = true;
		if (row->claimed || row->shown.at >= before)
			return false;
	}
	return some && m->created < before;
}

static int
each_old(struct ledger_store *l, int64_t before, ledger_row_id_fn *fn,
    void *ctx, struct fail *f)
{
	struct memory_data *d = memory_data_of(store_of(l));
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < d->mailing_count; i++) {
		if (is_old(d, &d->mailings[i], before))
			rc = fn(ctx, d->mailings[i].id, f);
		d = memory_data_of(store_of(l));
	}
	return rc;
}

static int
prune_mailing(struct ledger_store *l, struct str id, struct fail *f)
{
	struct store *s = store_of(l);
	struct memory_mailing *m;
	struct memory_data *d;
	int rc;

	if (store_begin(s, false, f) < 0)
		return -1;
	d = memory_data_of(s);
	rc = find_mailing(s, id, &m, f);
	if (rc == 0)
		m->state = LEDGER_PRUNED;
	for (size_t i = d->row_count; rc == 0 && i-- > 0;) {
		if (str_eq(d->rows[i].shown.email_id, id) &&
		    !d->rows[i].claimed)
			d->rows[i] = d->rows[--d->row_count];
	}
	return store_finish(s, rc, f);
}

/* --- reading --- */

static int
each_mailing(
    struct ledger_store *l, ledger_row_id_fn *fn, void *ctx, struct fail *f)
{
	struct memory_data *d = memory_data_of(store_of(l));
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < d->mailing_count; i++)
		rc = fn(ctx, d->mailings[i].id, f);
	return rc;
}

static int
read_mailing(struct ledger_store *l, struct str id,
    struct ledger_row_mailing *out, struct arena *a, struct fail *f)
{
	const struct memory_mailing *m = memory_rows_mailing(store_of(l), id);

	(void)a;
	(void)f;
	if (m == NULL)
		return 0;
	*out = (struct ledger_row_mailing){.course_id = m->course_id,
	    .subject = m->subject,
	    .content = m->content,
	    .state_name = str_of(ledger_state_name(m->state)),
	    .state = m->state,
	    .created = m->created,
	    .uncertain = m->uncertain};
	return 1;
}

static int
compare_keys(const void *pa, const void *pb)
{
	const struct memory_row *a = pa, *b = pb;
	size_t n =
	    a->shown.key.n < b->shown.key.n ? a->shown.key.n : b->shown.key.n;
	int rc = memcmp(a->shown.key.p, b->shown.key.p, n);

	return rc != 0 ? rc : (a->shown.key.n > b->shown.key.n) * 2 - 1;
}

static int
each_row(struct ledger_store *l, struct str id, enum ledger_row_part part,
    ledger_row_fn *fn, void *ctx, struct fail *f)
{
	struct memory_data *d = memory_data_of(store_of(l));
	int rc = 0;

	(void)part;
	if (d->row_count > 0)
		qsort(d->rows, d->row_count, sizeof(*d->rows), compare_keys);
	for (size_t i = 0; rc == 0 && i < d->row_count; i++) {
		struct report_row row = d->rows[i].shown;

		if (!str_eq(row.email_id, id))
			continue;
		if (d->rows[i].claimed && !d->rows[i].withdrawn)
			row.state = REPORT_CLAIMED;
		rc = fn(ctx, &row, f);
	}
	return rc;
}

static int
each_owner(
    struct ledger_store *l, ledger_row_owner_fn *fn, void *ctx, struct fail *f)
{
	const struct memory_lives *lives = memory_data_lives(store_of(l));
	const struct memory_data *d = memory_data_of(store_of(l));
	int rc = 0;

	for (int owner = 1; rc == 0 && owner <= lives->count; owner++) {
		struct ledger_row_owner o = {.name = STR("an owner"),
		    .life = lives->alive[owner] ? LEDGER_ROW_ALIVE
						: LEDGER_ROW_DEAD};

		for (size_t i = 0; i < d->row_count; i++)
			o.rows += d->rows[i].owner == owner;
		if (o.rows > 0)
			rc = fn(ctx, &o, f);
	}
	return rc;
}

static int
verify_promises(struct ledger_store *l, struct str id, ledger_row_check_fn *fn,
    void *ctx, struct fail *f)
{
	const struct memory_data *d = memory_data_of(store_of(l));
	const char *against = NULL;

	(void)id;
	for (size_t i = 0; i < d->row_count; i++) {
		if (d->rows[i].claimed != (d->rows[i].owner != 0))
			against = "one has none";
	}
	return fn(ctx, "every claim has an owner", against, f);
}

/* --- plans --- */

static struct ledger_decision_plan *
find_plan(struct store *s, struct str id)
{
	struct memory_data *d = memory_data_of(s);

	for (size_t i = 0; i < d->plan_count; i++) {
		if (str_eq(d->plans[i].email_id, id))
			return &d->plans[i];
	}
	return NULL;
}

static void
put_plan(struct store *s, const struct ledger_decision_plan *p)
{
	struct memory_data *d = memory_data_of(s);
	struct ledger_decision_plan *to = find_plan(s, p->email_id);
	struct ledger_decision_plan kept = *p;

	kept.email_id = memory_data_keep(s, p->email_id);
	kept.keys = memory_data_keep(s, p->keys);
	kept.approved_by = memory_data_keep(s, p->approved_by);
	if (to == NULL) {
		d->plans = mem_more(
		    d->plans, d->plan_count, &d->plan_cap, sizeof(*d->plans));
		to = &d->plans[d->plan_count++];
	} else if (p->approved_by.p == NULL && str_eq(to->keys, p->keys)) {
		kept.approved_by = to->approved_by;
		kept.approved_at = to->approved_at;
	}
	*to = kept;
}

static int
store_plan(struct ledger_store *l, const struct ledger_decision_plan *p,
    int64_t now, struct fail *f)
{
	struct store *s = store_of(l);

	(void)now;
	if (store_begin(s, false, f) < 0)
		return -1;
	put_plan(s, p);
	return store_finish(s, 0, f);
}

static int
read_plan(struct ledger_store *l, struct str id, struct ledger_decision_plan *p,
    struct arena *a, struct fail *f)
{
	const struct ledger_decision_plan *found = find_plan(store_of(l), id);

	(void)a;
	(void)f;
	if (found == NULL)
		return 0;
	*p = *found;
	return 1;
}

static const struct ledger_store_ops operations = {
    .open = open_sender,
    .recover = recover_dead,
    .set_state = set_state,
    .assume_sent = assume_sent,
    .mark_uncertain = mark_uncertain,
    .accept_older = accept_older,
    .settle = settle_recipient,
    .reopen = reopen_recipients,
    .each_old = each_old,
    .prune = prune_mailing,
    .store_plan = store_plan,
    .read_plan = read_plan,
    .each_mailing = each_mailing,
    .mailing = read_mailing,
    .each_row = each_row,
    .each_owner = each_owner,
    .verify = verify_promises,
};

struct ledger_store *
memory_ledger_new(struct store *store)
{
	struct memory_ledger *l = mem_new(sizeof(*l));

	l->ledger.ops = &operations;
	l->store = store;
	return &l->ledger;
}
