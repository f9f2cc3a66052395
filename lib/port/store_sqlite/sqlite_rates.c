#include "port/store_sqlite/sqlite_rates.h"

#include <stdlib.h>

#include "base/mem.h"
#include "port/db/db_open.h"
#include "port/db/transaction.h"
#include "port/relay/rate_book.h"

#define WAIT_MS 60000

/* Special rows. */
#define SLICE_NEXT (-1) /* next time of the pace, in us */
#define SPAN_FACTOR 0   /* slice 0: the factor; 1: when it was set */

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

struct sqlite_rates {
	struct rate_book book; /* the first member */
	const char *path;
	struct db *db; /* NULL before the first update */
	const struct rate_book_page *page;
	struct db_statement *get, *set, *slices, *old;
};

static int
prepare_rates(struct sqlite_rates *s, struct fail *f)
{
	const struct db_sql list[] = {
	    {&s->get, SQL_GET},
	    {&s->set, SQL_SET},
	    {&s->slices, SQL_SLICES},
	    {&s->old, SQL_OLD},
	};

	return db_prepare_all(s->db, list, sizeof(list) / sizeof(*list), f);
}

static int
ensure_open(struct sqlite_rates *s, struct fail *f)
{
	if (s->db != NULL)
		return 0;
	if (db_open(&s->db, s->path, DB_WRITE, waiting_quiet(WAIT_MS), f) < 0)
		return -1;
	if (prepare_rates(s, f) == 0)
		return 0;
	db_close(s->db);
	s->db = NULL;
	return -1;
}

/* In every statement ?1 is the relay and ?2 the account. */
static struct db_statement *
bind_page(struct sqlite_rates *s, struct db_statement *st)
{
	db_bind(st, 1, s->page->relay);
	db_bind(st, 2, s->page->account);
	return st;
}

/* 1: there is a row; 0: none is left. */
static int
step_rates(struct sqlite_rates *s, struct db_statement *st, struct fail *f)
{
	int rc = db_step(s->db, st, f);

	return rc < 0 ? db_fail(s->db, f, "rates") : rc;
}

static int
get_value(struct sqlite_rates *s, int64_t span, int64_t slice, int64_t *value,
    struct fail *f)
{
	struct db_statement *st = bind_page(s, s->get);
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
set_value(struct sqlite_rates *s, int64_t span, int64_t slice, int64_t value,
    struct fail *f)
{
	struct db_statement *st = bind_page(s, s->set);

	db_bind_int(st, 3, span);
	db_bind_int(st, 4, slice);
	db_bind_int(st, 5, value);
	return step_rates(s, st, f);
}

/* A slice further ahead comes from a clock that was: it counts as now. */
static int64_t
latest_slice(const struct rate_window *w, int64_t now)
{
	return rate_slice(&w->rate, now + RATE_BOOK_HORIZON_MS);
}

static int
load_window(
    struct sqlite_rates *s, struct rate_window *w, int64_t now, struct fail *f)
{
	struct db_statement *st = bind_page(s, s->slices);
	int64_t latest = latest_slice(w, now);
	int rc;

	rate_window_init(w, now);
	db_bind_int(st, 3, w->rate.span);
	db_bind_int(st, 4, w->first);
	while ((rc = step_rates(s, st, f)) == 1)
		rate_window_add(w, db_int(st, 0), db_int(st, 1), latest);
	return rc;
}

static int
load_page(struct sqlite_rates *s, struct rate_book_page *p, int64_t now,
    struct fail *f)
{
	p->factor = RATE_BOOK_FACTOR;
	p->factor_at = p->next = 0;
	if (get_value(s, SPAN_FACTOR, 0, &p->factor, f) < 0 ||
	    get_value(s, SPAN_FACTOR, 1, &p->factor_at, f) < 0)
		return -1;
	if (p->pace == 0)
		return 0;
	if (get_value(s, p->pace, SLICE_NEXT, &p->next, f) < 0)
		return -1;
	for (size_t i = 0; i < p->window_count; i++) {
		if (load_window(s, &p->windows[i], now, f) < 0)
			return -1;
	}
	return 0;
}

static int
save_window(struct sqlite_rates *s, const struct rate_window *w, int64_t now,
    struct fail *f)
{
	struct db_statement *st = bind_page(s, s->old);
	const int n = sizeof(w->used) / sizeof(*w->used);

	db_bind_int(st, 3, w->rate.span);
	db_bind_int(st, 4, w->first);
	db_bind_int(st, 5, latest_slice(w, now));
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
save_factor(struct sqlite_rates *s, const struct rate_book_page *p,
    const struct rate_book_page *before, struct fail *f)
{
	if (p->factor != before->factor &&
	    set_value(s, SPAN_FACTOR, 0, p->factor, f) < 0)
		return -1;
	return p->factor_at == before->factor_at
		   ? 0
		   : set_value(s, SPAN_FACTOR, 1, p->factor_at, f);
}

static int
save_page(struct sqlite_rates *s, const struct rate_book_page *p,
    const struct rate_book_page *before, int64_t now, struct fail *f)
{
	if (save_factor(s, p, before, f) < 0)
		return -1;
	if (p->pace == 0)
		return 0;
	if (set_value(s, p->pace, SLICE_NEXT, p->next, f) < 0)
		return -1;
	for (size_t i = 0; i < p->window_count; i++) {
		if (save_window(s, &p->windows[i], now, f) < 0)
			return -1;
	}
	return 0;
}

static int
change_page(struct sqlite_rates *s, struct rate_book_page *p, int64_t now,
    rate_book_fn *fn, void *ctx, struct fail *f)
{
	struct rate_book_page before;

	s->page = p;
	if (load_page(s, p, now, f) < 0)
		return -1;
	before = *p;
	fn(ctx, p, now);
	return save_page(s, p, &before, now, f);
}

static int
update_page(struct rate_book *book, struct rate_book_page *p, int64_t now,
    rate_book_fn *fn, void *ctx, struct fail *f)
{
	struct sqlite_rates *s = (struct sqlite_rates *)book;

	if (ensure_open(s, f) < 0 || transaction_begin_lazy(s->db, true, f) < 0)
		return -1;
	if (change_page(s, p, now, fn, ctx, f) == 0)
		return transaction_commit(s->db, f);
	transaction_rollback(s->db);
	return -1;
}

static const struct rate_book_ops operations = {.update = update_page};

struct rate_book *
sqlite_rates_open(const char *path)
{
	struct sqlite_rates *s = mem_new(sizeof(*s));

	s->book.ops = &operations;
	s->path = path;
	return &s->book;
}

void
sqlite_rates_close(struct rate_book *book)
{
	struct sqlite_rates *s = (struct sqlite_rates *)book;

	if (s == NULL)
		return;
	db_close(s->db);
	free(s);
}
