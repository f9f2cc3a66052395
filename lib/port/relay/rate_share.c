#include "port/relay/rate_share.h"

#include <stdlib.h>

#include "base/mem.h"
#include "mail/smtp/rate_plan.h"
#include "port/relay/rate_book.h"

#define FETCH 256    /* grants in hand at most */
#define FETCH_MS 25  /* how long fetched grants last */
#define LATE_PART 25 /* of the pace's span: an older grant is lost */

#define FACTOR_MIN 10000 /* of RATE_BOOK_FACTOR */
#define FACTOR_PER_MINUTE 100000

struct rate_share {
	struct rate_book *book;
	struct str relay, account;
	struct rate_window windows[RATE_SHARE_RATES];
	struct rate_plan plan; /* has all rates, as pace and windows */
	bool limited;
	int64_t times[FETCH]; /* grants in hand; monotonic, as retry is */
	int64_t retry;
	size_t have, used;
};

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

struct rate_share *
rate_share_new(struct rate_book *book, const char *relay, const char *account,
    const struct rate *rates, size_t count)
{
	struct rate_share *s = mem_new(sizeof(*s));

	s->book = book;
	s->relay = str_of(relay);
	s->account = str_of(account);
	sort_rates(s, rates, count);
	return s;
}

void
rate_share_free(struct rate_share *s)
{
	free(s);
}

/* The factor recovers with time. A time ahead of now counts as now. */
static int64_t
recover_factor(struct rate_book_page *p, int64_t now)
{
	int64_t factor;

	if (p->factor_at > now)
		p->factor_at = now;
	factor = p->factor + (now - p->factor_at) * FACTOR_PER_MINUTE / 60000;
	return factor < RATE_BOOK_FACTOR ? factor : RATE_BOOK_FACTOR;
}

/* Grants that are fetched and not used are lost: fetch few. */
static size_t
fetch_size(const struct rate_share *s, size_t want)
{
	long long n = s->plan.pace.n * FETCH_MS / s->plan.pace.span;
	size_t most = n < 1 ? 1 : n > FETCH ? FETCH : (size_t)n;

	return want < most ? want : most;
}

struct fetching {
	struct rate_share *share;
	size_t want;
};

/* As a rate_book_fn. */
static void
grant_times(void *ctx, struct rate_book_page *p, int64_t now)
{
	struct fetching *fetching = ctx;
	struct rate_share *s = fetching->share;

	s->plan.next = p->next;
	s->plan.factor = (double)recover_factor(p, now) / RATE_BOOK_FACTOR;
	rate_plan_check(&s->plan, now, RATE_BOOK_HORIZON_MS);
	s->have = rate_plan_grant(&s->plan, now, RATE_BOOK_HORIZON_MS, s->times,
	    fetch_size(s, fetching->want));
	p->next = s->plan.next;
}

static int
fetch_grants(struct rate_share *s, int64_t now, int64_t wall, size_t want,
    struct fail *f)
{
	struct fetching fetching = {s, want};
	struct rate_book_page page = {.relay = s->relay,
	    .account = s->account,
	    .pace = s->plan.pace.span,
	    .windows = s->windows,
	    .window_count = s->plan.window_count};

	s->used = s->have = 0;
	if (s->book->ops->update(
		s->book, &page, wall, grant_times, &fetching, f) < 0) {
		s->have = 0;
		return -1;
	}
	for (size_t i = 0; i < s->have; i++)
		s->times[i] += now - wall;
	s->retry = s->plan.retry + (now - wall);
	return 0;
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
		if (now < s->retry && s->retry < now + RATE_BOOK_HORIZON_MS)
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

/* As a rate_book_fn. Many processes get the same complaint: one a second
 * counts. */
static void
halve_factor(void *ctx, struct rate_book_page *p, int64_t now)
{
	int64_t factor = recover_factor(p, now) / 2;

	(void)ctx;
	if (now - p->factor_at < 1000)
		return;
	p->factor = factor > FACTOR_MIN ? factor : FACTOR_MIN;
	p->factor_at = now;
}

int
rate_share_throttle(struct rate_share *s, int64_t wall, struct fail *f)
{
	struct rate_book_page page = {.relay = s->relay, .account = s->account};

	if (!s->limited)
		return 0;
	return s->book->ops->update(
	    s->book, &page, wall, halve_factor, NULL, f);
}
