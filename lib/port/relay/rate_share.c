#include "port/relay/rate_share.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mail/smtp/rate_plan.h"
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
#define SPAN_LOSSES (-1)  /* slice 0: the window; 1: time of the last loss */
#define LOSSES_MS 3600000 /* an older window is forgotten */

static const char SQL_GET[] = "SELECT granted FROM rates WHERE relay=?1"
			      " AND account=?2 AND span=?3 AND slice=?4";
static const char SQL_SET[] =
    "INSERT INTO rates(relay, account, span, slice, granted)"
    " VALUES(?1, ?2, ?3, ?4, ?5)"
    " ON CONFLICT DO UPDATE SET granted=excluded.granted";
static const char SQL_SLICES[] =
    "SELECT slice, granted FROM rates WHERE relay=?1 AND account=?2"
    " AND span=?3 AND slice>=?4";
/* Slices that are old, or ahead and counted as now. */
static const char SQL_OLD[] = "DELETE FROM rates WHERE relay=?1 AND account=?2"
			      " AND span=?3 AND slice>=0"
			      " AND (slice<?4 OR slice>?5)";
struct rate_share {
	struct db *db;
	struct str relay, account;
	struct rate_window windows[RATE_SHARE_RATES];
	struct rate_plan plan; /* has all rates, as pace and windows */
	bool limited;
	int64_t times[FETCH]; /* grants in hand; monotonic, as retry is */
	int64_t retry;
	size_t have, used;
	struct db_statement *get, *set, *slices, *old;
};

static int
prepare_rates(struct rate_share *s, struct fail *f)
{
	const struct db_sql list[] = {
	    {&s->get, SQL_GET},
	    {&s->set, SQL_SET},
	    {&s->slices, SQL_SLICES},
	    {&s->old, SQL_OLD},
	};

	return db_prepare_all(s->db, list, sizeof(list) / sizeof(*list), f);
}

/* The rate with the shortest span is the pace; the others are windows. */
static void
sort_rates(struct rate_share *s, const struct rate *rates, size_t count)
{
	size_t shortest = 0;

	s->limited = count > 0;
	s->plan.windows = s->windows;
	for (size_t i = 1; i < count; i++) {
		if (rates[i].span < rates[shortest].span)
			shortest = i;
	}
	for (size_t i = 0; i < count; i++) {
		if (i == shortest)
			s->plan.pace = rates[i];
		else
			s->windows[s->plan.window_count++].rate = rates[i];
	}
}

int
rate_share_open(struct rate_share **out, const char *path, const char *relay,
    const char *account, const struct rate *rates, size_t count, struct fail *f)
{
	struct rate_share *s;

	if (count > RATE_SHARE_RATES)
		return fail_system(f, "more than %d rates", RATE_SHARE_RATES);
	s = mem_new(sizeof(*s));
	s->relay = str_of(relay);
	s->account = str_of(account);
	sort_rates(s, rates, count);
	if (db_open(&s->db, path, DB_WRITE, waiting_quiet(WAIT_MS), f) < 0) {
		free(s);
		return -1;
	}
	if (prepare_rates(s, f) < 0) {
		rate_share_close(s);
		return -1;
	}
	*out = s;
	return 0;
}

void
rate_share_close(struct rate_share *s)
{
	if (s == NULL)
		return;
	db_close(s->db);
	free(s);
}

/* In every statement ?1 is the relay and ?2 the account. */
static struct db_statement *
bind_account(struct rate_share *s, struct db_statement *st)
{
	db_bind(st, 1, s->relay);
	db_bind(st, 2, s->account);
	return st;
}

/* 1: there is a row; 0: none is left. */
static int
step_rates(struct rate_share *s, struct db_statement *st, struct fail *f)
{
	int rc = db_step(s->db, st, f);

	return rc < 0 ? db_fail(s->db, f, "rates") : rc;
}

static int
get_value(struct rate_share *s, int64_t span, int64_t slice, int64_t *value,
    struct fail *f)
{
	struct db_statement *st = bind_account(s, s->get);
	int rc;

	db_bind_int(st, 3, span);
	db_bind_int(st, 4, slice);
	rc = step_rates(s, st, f);
	if (rc == 1)
		*value = db_int(st, 0);
	db_reset(st);
	return rc < 0 ? -1 : 0;
}

static int
set_value(struct rate_share *s, int64_t span, int64_t slice, int64_t value,
    struct fail *f)
{
	struct db_statement *st = bind_account(s, s->set);

	db_bind_int(st, 3, span);
	db_bind_int(st, 4, slice);
	db_bind_int(st, 5, value);
	return step_rates(s, st, f);
}

/* The factor recovers with time. A time ahead of now counts as now. */
static int
load_factor(struct rate_share *s, int64_t now, int64_t *factor, struct fail *f)
{
	int64_t since = now;

	*factor = FACTOR_ONE;
	if (get_value(s, SPAN_FACTOR, 0, factor, f) < 0 ||
	    get_value(s, SPAN_FACTOR, 1, &since, f) < 0)
		return -1;
	if (since > now)
		return set_value(s, SPAN_FACTOR, 1, now, f);
	*factor += (now - since) * FACTOR_PER_MINUTE / 60000;
	if (*factor > FACTOR_ONE)
		*factor = FACTOR_ONE;
	return 0;
}

static int
load_window(
    struct rate_share *s, struct rate_window *w, int64_t now, struct fail *f)
{
	struct db_statement *st = bind_account(s, s->slices);
	int64_t latest = rate_slice(&w->rate, now + HORIZON_MS);
	int rc;

	rate_window_init(w, now);
	db_bind_int(st, 3, w->rate.span);
	db_bind_int(st, 4, w->first);
	while ((rc = step_rates(s, st, f)) == 1)
		rate_window_add(w, db_int(st, 0), db_int(st, 1), latest);
	return rc;
}

static int
load_plan(struct rate_share *s, int64_t now, struct fail *f)
{
	int64_t factor;

	s->plan.next = 0;
	if (load_factor(s, now, &factor, f) < 0 ||
	    get_value(s, s->plan.pace.span, SLICE_NEXT, &s->plan.next, f) < 0)
		return -1;
	s->plan.factor = (double)factor / FACTOR_ONE;
	rate_plan_check(&s->plan, now, HORIZON_MS);
	for (size_t i = 0; i < s->plan.window_count; i++) {
		if (load_window(s, &s->windows[i], now, f) < 0)
			return -1;
	}
	return 0;
}

static int
save_window(struct rate_share *s, const struct rate_window *w, int64_t now,
    struct fail *f)
{
	struct db_statement *st = bind_account(s, s->old);
	const int n = sizeof(w->used) / sizeof(*w->used);

	db_bind_int(st, 3, w->rate.span);
	db_bind_int(st, 4, w->first);
	db_bind_int(st, 5, rate_slice(&w->rate, now + HORIZON_MS));
	if (step_rates(s, st, f) < 0)
		return -1;
	for (int i = 0; i < n; i++) {
		if (w->used[i] > 0 &&
		    set_value(s, w->rate.span, w->first + i, w->used[i], f) < 0)
			return -1;
	}
	return 0;
}

static int
save_plan(struct rate_share *s, int64_t now, struct fail *f)
{
	if (set_value(s, s->plan.pace.span, SLICE_NEXT, s->plan.next, f) < 0)
		return -1;
	for (size_t i = 0; i < s->plan.window_count; i++) {
		if (save_window(s, &s->windows[i], now, f) < 0)
			return -1;
	}
	return 0;
}

/* Grants that are fetched and not used are lost: fetch few. */
static size_t
fetch_size(const struct rate_share *s, size_t want)
{
	long long n = s->plan.pace.n * FETCH_MS / s->plan.pace.span;
	size_t most = n < 1 ? 1 : n > FETCH ? FETCH : (size_t)n;

	return want < most ? want : most;
}

static int
fetch_grants(struct rate_share *s, int64_t now, int64_t wall, size_t want,
    struct fail *f)
{
	if (transaction_begin_lazy(s->db, true, f) < 0)
		return -1;
	s->used = s->have = 0;
	if (load_plan(s, wall, f) == 0) {
		s->have = rate_plan_grant(
		    &s->plan, wall, HORIZON_MS, s->times, fetch_size(s, want));
		for (size_t i = 0; i < s->have; i++)
			s->times[i] += now - wall;
		s->retry = s->plan.retry + (now - wall);
		if (save_plan(s, wall, f) == 0)
			return transaction_commit(s->db, f);
	}
	s->have = 0;
	transaction_rollback(s->db);
	return -1;
}

/*
 * A process that was held up must not use its late grants, which would add to
 * the present grants of all others. It may use the last of them.
 */
static void
drop_late(struct rate_share *s, int64_t now)
{
	int64_t late = now - s->plan.pace.span / LATE_PART;

	while (s->used + 1 < s->have && s->times[s->used + 1] < late)
		s->used++;
}

int64_t
rate_share_next(struct rate_share *s, int64_t now, int64_t wall, size_t want,
    struct fail *f)
{
	if (!s->limited)
		return now;
	drop_late(s, now);
	if (s->used == s->have) {
		if (now < s->retry && s->retry < now + HORIZON_MS)
			return s->retry;
		if (fetch_grants(s, now, wall, want, f) < 0)
			return -1;
	}
	return s->used < s->have ? s->times[s->used] : s->retry;
}

void
rate_share_use(struct rate_share *s)
{
	if (s->used < s->have)
		s->used++;
	if (s->used == s->have)
		s->retry = 0;
}

int
rate_share_throttle(struct rate_share *s, int64_t now, struct fail *f)
{
	int64_t factor, since = 0;
	int rc;

	if (!s->limited)
		return 0;
	if (transaction_begin_lazy(s->db, true, f) < 0)
		return -1;
	rc = load_factor(s, now, &factor, f);
	if (rc == 0)
		rc = get_value(s, SPAN_FACTOR, 1, &since, f);
	/* Many processes get the same complaint: count one a second. */
	if (rc == 0 && now - since >= 1000) {
		factor = factor / 2 > FACTOR_MIN ? factor / 2 : FACTOR_MIN;
		rc = set_value(s, SPAN_FACTOR, 0, factor, f);
		if (rc == 0)
			rc = set_value(s, SPAN_FACTOR, 1, now, f);
	}
	if (rc == 0)
		return transaction_commit(s->db, f);
	transaction_rollback(s->db);
	return -1;
}

/* Behind a window that is enough, the next one begins empty. */
static int
merge_losses(
    struct rate_share *s, struct losses *ls, int64_t now, struct fail *f)
{
	int64_t window = 0, at = now;

	if (get_value(s, SPAN_LOSSES, 0, &window, f) < 0 ||
	    get_value(s, SPAN_LOSSES, 1, &at, f) < 0)
		return -1;
	if (now - at >= LOSSES_MS)
		window = 0;
	window = (int64_t)losses_lose(ls, (uint64_t)window);
	if (losses_are_many(ls))
		window = 0;
	if (set_value(s, SPAN_LOSSES, 0, window, f) < 0)
		return -1;
	return set_value(s, SPAN_LOSSES, 1, now, f);
}

int
rate_share_lose(
    struct rate_share *s, struct losses *ls, int64_t now, struct fail *f)
{
	if (transaction_begin_lazy(s->db, true, f) < 0)
		return -1;
	if (merge_losses(s, ls, now, f) == 0)
		return transaction_commit(s->db, f);
	transaction_rollback(s->db);
	return -1;
}
