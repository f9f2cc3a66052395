#include "port/relay/rate_share.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "port/db/db_open.h"
#include "port/db/transaction.h"

#define WAIT_MS 60000
#define FETCH 256       /* grants in hand at most */
#define FETCH_MS 25     /* how long fetched grants last */
#define LATE_PART 25    /* of the pace's span: an older grant is lost */
#define HORIZON_MS 1000 /* how far in the future a grant may be */

/* Special rows of the table rates. */
#define SLICE_NEXT (-1)    /* next time of the pace, in us */
#define SPAN_FACTOR 0      /* slice 0: the factor; 1: when it was set */
#define FACTOR_ONE 1000000 /* no throttling; the unit is 1e-6 */
#define FACTOR_MIN 10000
#define FACTOR_PER_MINUTE 100000

static const char SQL_GET[] = "SELECT granted FROM rates WHERE relay=?1"
			      " AND account=?2 AND span=?3 AND slice=?4";
static const char SQL_SET[] =
    "INSERT INTO rates(relay, account, span, slice, granted)"
    " VALUES(?1, ?2, ?3, ?4, ?5)"
    " ON CONFLICT DO UPDATE SET granted=excluded.granted";
static const char SQL_SLICES[] =
    "SELECT slice, granted FROM rates WHERE relay=?1 AND account=?2"
    " AND span=?3 AND slice>=?4 AND slice<?5";
static const char SQL_OLD[] = "DELETE FROM rates WHERE relay=?1 AND account=?2"
			      " AND span=?3 AND slice>=0 AND slice<?4";
struct rate_share {
	struct db *db;
	struct str relay, account;
	struct rate_window windows[RATE_SHARE_RATES];
	struct rate_plan plan; /* has all rates, as pace and windows */
	bool limited;
	int64_t times[FETCH]; /* grants in hand */
	size_t have, used;
	struct db_statement *get, *set, *slices, *old;
};

static int
prepare_rates(struct rate_share *a, struct fail *f)
{
	const struct db_sql list[] = {
	    {&a->get, SQL_GET},
	    {&a->set, SQL_SET},
	    {&a->slices, SQL_SLICES},
	    {&a->old, SQL_OLD},
	};

	return db_prepare_all(a->db, list, sizeof(list) / sizeof(*list), f);
}

/* The rate with the shortest span is the pace; the others are windows. */
static void
sort_rates(struct rate_share *a, const struct rate *rates, size_t count)
{
	size_t shortest = 0;

	a->limited = count > 0;
	a->plan.windows = a->windows;
	for (size_t i = 1; i < count; i++) {
		if (rates[i].span < rates[shortest].span)
			shortest = i;
	}
	for (size_t i = 0; i < count; i++) {
		if (i == shortest)
			a->plan.pace = rates[i];
		else
			a->windows[a->plan.window_count++].rate = rates[i];
	}
}

int
rate_share_open(struct rate_share **out, const char *path, const char *relay,
    const char *account, const struct rate *rates, size_t count, struct fail *f)
{
	struct rate_share *a;

	if (count > RATE_SHARE_RATES)
		return fail_system(f, "more than %d rates", RATE_SHARE_RATES);
	a = mem_new(sizeof(*a));
	a->relay = str_of(relay);
	a->account = str_of(account);
	sort_rates(a, rates, count);
	if (db_open(&a->db, path, DB_WRITE, WAIT_MS, f) < 0) {
		free(a);
		return -1;
	}
	if (prepare_rates(a, f) < 0) {
		rate_share_close(a);
		return -1;
	}
	*out = a;
	return 0;
}

void
rate_share_close(struct rate_share *a)
{
	if (a == NULL)
		return;
	db_close(a->db);
	free(a);
}

/* In every statement ?1 is the relay and ?2 the account. */
static struct db_statement *
bind_account(struct rate_share *a, struct db_statement *st)
{
	db_bind(st, 1, a->relay);
	db_bind(st, 2, a->account);
	return st;
}

/* 1: there is a row; 0: none is left. */
static int
step_rates(struct rate_share *a, struct db_statement *st, struct fail *f)
{
	int rc = db_step(a->db, st, f);

	return rc < 0 ? db_fail(a->db, f, "rates") : rc;
}

static int
get_value(struct rate_share *a, int64_t span, int64_t slice, int64_t *value,
    struct fail *f)
{
	struct db_statement *st = bind_account(a, a->get);
	int rc;

	db_bind_int(st, 3, span);
	db_bind_int(st, 4, slice);
	rc = step_rates(a, st, f);
	if (rc == 1)
		*value = db_int(st, 0);
	db_reset(st);
	return rc < 0 ? -1 : 0;
}

static int
set_value(struct rate_share *a, int64_t span, int64_t slice, int64_t value,
    struct fail *f)
{
	struct db_statement *st = bind_account(a, a->set);

	db_bind_int(st, 3, span);
	db_bind_int(st, 4, slice);
	db_bind_int(st, 5, value);
	return step_rates(a, st, f);
}

/* The factor recovers with time. */
static int
load_factor(struct rate_share *a, int64_t now, int64_t *factor, struct fail *f)
{
	int64_t since = now;

	*factor = FACTOR_ONE;
	if (get_value(a, SPAN_FACTOR, 0, factor, f) < 0 ||
	    get_value(a, SPAN_FACTOR, 1, &since, f) < 0)
		return -1;
	if (now > since)
		*factor += (now - since) * FACTOR_PER_MINUTE / 60000;
	if (*factor > FACTOR_ONE)
		*factor = FACTOR_ONE;
	return 0;
}

static int
load_window(
    struct rate_share *a, struct rate_window *w, int64_t now, struct fail *f)
{
	struct db_statement *st = bind_account(a, a->slices);
	const int n = sizeof(w->used) / sizeof(*w->used);
	int rc;

	memset(w->used, 0, sizeof(w->used));
	w->first = rate_slice(&w->rate, now) - RATE_SLICES;
	db_bind_int(st, 3, w->rate.span);
	db_bind_int(st, 4, w->first);
	db_bind_int(st, 5, w->first + n);
	while ((rc = step_rates(a, st, f)) == 1)
		w->used[db_int(st, 0) - w->first] = db_int(st, 1);
	return rc;
}

static int
load_plan(struct rate_share *a, int64_t now, struct fail *f)
{
	int64_t factor, longest;

	a->plan.next = 0;
	if (load_factor(a, now, &factor, f) < 0 ||
	    get_value(a, a->plan.pace.span, SLICE_NEXT, &a->plan.next, f) < 0)
		return -1;
	a->plan.factor = (double)factor / FACTOR_ONE;
	/* A clock that was set back must not close the gate for long. */
	longest = (int64_t)((double)a->plan.pace.span / a->plan.factor);
	if (a->plan.next > (now + longest + HORIZON_MS) * 1000)
		a->plan.next = now * 1000;
	for (size_t i = 0; i < a->plan.window_count; i++) {
		if (load_window(a, &a->windows[i], now, f) < 0)
			return -1;
	}
	return 0;
}

static int
save_window(struct rate_share *a, const struct rate_window *w, struct fail *f)
{
	struct db_statement *st = bind_account(a, a->old);
	const int n = sizeof(w->used) / sizeof(*w->used);

	db_bind_int(st, 3, w->rate.span);
	db_bind_int(st, 4, w->first);
	if (step_rates(a, st, f) < 0)
		return -1;
	for (int i = 0; i < n; i++) {
		if (w->used[i] > 0 &&
		    set_value(a, w->rate.span, w->first + i, w->used[i], f) < 0)
			return -1;
	}
	return 0;
}

static int
save_plan(struct rate_share *a, struct fail *f)
{
	if (set_value(a, a->plan.pace.span, SLICE_NEXT, a->plan.next, f) < 0)
		return -1;
	for (size_t i = 0; i < a->plan.window_count; i++) {
		if (save_window(a, &a->windows[i], f) < 0)
			return -1;
	}
	return 0;
}

/* Grants that are fetched and not used are lost: fetch few. */
static size_t
fetch_size(const struct rate_share *a, size_t want)
{
	long long n = a->plan.pace.n * FETCH_MS / a->plan.pace.span;
	size_t most = n < 1 ? 1 : n > FETCH ? FETCH : (size_t)n;

	return want < most ? want : most;
}

static int
fetch_grants(struct rate_share *a, int64_t now, size_t want, struct fail *f)
{
	if (transaction_begin_lazy(a->db, true, f) < 0)
		return -1;
	a->used = a->have = 0;
	if (load_plan(a, now, f) == 0) {
		a->have = rate_grant(
		    &a->plan, now, HORIZON_MS, a->times, fetch_size(a, want));
		if (save_plan(a, f) == 0)
			return transaction_commit(a->db, f);
	}
	a->have = 0;
	transaction_rollback(a->db);
	return -1;
}

/*
 * A process that was held up must not use its late grants, which would add to
 * the present grants of all others. It may use the last of them.
 */
static void
drop_late(struct rate_share *a, int64_t now)
{
	int64_t late = now - a->plan.pace.span / LATE_PART;

	while (a->used + 1 < a->have && a->times[a->used + 1] < late)
		a->used++;
}

int64_t
rate_share_next(struct rate_share *a, int64_t now, size_t want, struct fail *f)
{
	if (!a->limited)
		return now;
	drop_late(a, now);
	if (a->used == a->have) {
		if (now < a->plan.retry && a->plan.retry < now + HORIZON_MS)
			return a->plan.retry;
		if (fetch_grants(a, now, want, f) < 0)
			return -1;
	}
	return a->used < a->have ? a->times[a->used] : a->plan.retry;
}

void
rate_share_use(struct rate_share *a)
{
	if (a->used < a->have)
		a->used++;
	if (a->used == a->have)
		a->plan.retry = 0;
}

int
rate_share_throttle(struct rate_share *a, int64_t now, struct fail *f)
{
	int64_t factor, since = 0;
	int rc;

	if (!a->limited)
		return 0;
	if (transaction_begin_lazy(a->db, true, f) < 0)
		return -1;
	rc = load_factor(a, now, &factor, f);
	if (rc == 0)
		rc = get_value(a, SPAN_FACTOR, 1, &since, f);
	/* Many processes get the same complaint: count one a second. */
	if (rc == 0 && now - since >= 1000) {
		factor = factor / 2 > FACTOR_MIN ? factor / 2 : FACTOR_MIN;
		rc = set_value(a, SPAN_FACTOR, 0, factor, f);
		if (rc == 0)
			rc = set_value(a, SPAN_FACTOR, 1, now, f);
	}
	if (rc == 0)
		return transaction_commit(a->db, f);
	transaction_rollback(a->db);
	return -1;
}
