#include "base/mem.h"
#include "memory/memory_data.h"
#include "port/relay/rate_book.h"

struct memory_rates {
	struct rate_book book; /* the first member */
	struct store *store;
};

/* What is kept of a slice, made with this number if it is new. */
static struct memory_grant *
put_grant(struct store *s, const struct rate_book_page *p, int64_t span,
    int64_t slice, int64_t n)
{
	bool mixed = memory_data_fault(s) == MEMORY_FAULT_ACCOUNTS;
	struct memory_data *d = memory_data_of(s);

	for (size_t i = 0; i < d->grant_count; i++) {
		struct memory_grant *g = &d->grants[i];

		if (str_eq(g->relay, p->relay) &&
		    (mixed || str_eq(g->account, p->account)) &&
		    g->span == span && g->slice == slice)
			return g;
	}
	d->grants = mem_more(
	    d->grants, d->grant_count, &d->grant_cap, sizeof(*d->grants));
	d->grants[d->grant_count] =
	    (struct memory_grant){memory_data_keep(s, p->relay),
		memory_data_keep(s, p->account), span, slice, n};
	return &d->grants[d->grant_count++];
}

static void
load_page(struct store *s, struct rate_book_page *p, int64_t now)
{
	p->factor = put_grant(s, p, 0, 0, RATE_BOOK_FACTOR)->n;
	p->factor_at = put_grant(s, p, 0, 1, 0)->n;
	if (p->pace == 0)
		return;
	p->next = put_grant(s, p, p->pace, MEMORY_NEXT, 0)->n;
	for (size_t i = 0; i < p->window_count; i++) {
		struct rate_window *w = &p->windows[i];
		const struct memory_data *d = memory_data_of(s);
		int64_t latest =
		    rate_slice(&w->rate, now + RATE_BOOK_HORIZON_MS);

		rate_window_init(w, now);
		for (size_t k = 0; k < d->grant_count; k++) {
			const struct memory_grant *g = &d->grants[k];

			if (str_eq(g->relay, p->relay) &&
			    str_eq(g->account, p->account) &&
			    g->span == w->rate.span && g->slice >= w->first)
				rate_window_add(w, g->slice, g->n, latest);
		}
	}
}

/* What is outside of the window, or counted as now, is no more. */
static void
save_window(struct store *s, struct rate_book_page *p,
    const struct rate_window *w, int64_t now)
{
	int64_t latest = rate_slice(&w->rate, now + RATE_BOOK_HORIZON_MS);
	struct memory_data *d = memory_data_of(s);

	for (size_t k = 0; k < d->grant_count; k++) {
		struct memory_grant *g = &d->grants[k];

		if (str_eq(g->relay, p->relay) &&
		    str_eq(g->account, p->account) && g->span == w->rate.span &&
		    g->slice != MEMORY_NEXT &&
		    (g->slice < w->first || g->slice > latest))
			g->n = 0;
	}
	for (int i = 0; i < 2 * RATE_SLICES; i++) {
		if (w->used[i] > 0)
			put_grant(s, p, w->rate.span, w->first + i, 0)->n =
			    w->used[i];
	}
}

static void
save_page(struct store *s, struct rate_book_page *p, int64_t now)
{
	enum memory_fault fault = memory_data_fault(s);

	if (fault != MEMORY_FAULT_FACTOR) {
		put_grant(s, p, 0, 0, 0)->n = p->factor;
		put_grant(s, p, 0, 1, 0)->n = p->factor_at;
	}
	if (p->pace == 0)
		return;
	if (fault != MEMORY_FAULT_TWICE)
		put_grant(s, p, p->pace, MEMORY_NEXT, 0)->n = p->next;
	for (size_t i = 0; i < p->window_count; i++) {
		if (fault != MEMORY_FAULT_WINDOW)
			save_window(s, p, &p->windows[i], now);
	}
}

static int
update_page(struct rate_book *book, struct rate_book_page *p, int64_t now,
    rate_book_fn *fn, void *ctx, struct fail *f)
{
	struct store *s = ((struct memory_rates *)book)->store;

	if (store_begin(s, true, f) < 0)
		return -1;
	load_page(s, p, now);
	fn(ctx, p, now);
	save_page(s, p, now);
	return store_commit(s, f);
}

static const struct rate_book_ops operations = {.update = update_page};

struct rate_book *
memory_rates_new(struct store *store)
{
	struct memory_rates *m = mem_new(sizeof(*m));

	*m = (struct memory_rates){{&operations}, store};
	return &m->book;
}
