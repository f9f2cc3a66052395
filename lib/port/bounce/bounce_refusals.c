#include "port/bounce/bounce_refusals.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "port/bounce/bounce_register.h"
#include "port/bounce/bounce_register_ops.h"

#define SLICE 50       /* rows of a transaction */
#define REPLY_MAX 300u /* bytes that are kept of a reply */

struct domain {
	long long accepted, refused;
};

struct bounce_refusals {
	struct map *domains; /* struct domain */
	struct arena *arena;
	struct bounce_row *rows;
	size_t count, cap;
};

struct bounce_refusals *
bounce_refusals_new(void)
{
	struct bounce_refusals *r = mem_new(sizeof(*r));

	r->domains = map_new(sizeof(struct domain));
	r->arena = arena_new();
	return r;
}

void
bounce_refusals_free(struct bounce_refusals *r)
{
	if (r == NULL)
		return;
	map_free(r->domains);
	arena_free(r->arena);
	free(r->rows);
	free(r);
}

void
bounce_refusals_count(struct bounce_refusals *r, struct str key, bool accepted)
{
	struct domain *d = map_put(r->domains, str_behind(key, '@'));

	d->accepted += accepted;
	d->refused += !accepted;
}

static struct str
keep_some(struct arena *a, struct str s)
{
	return s.n > 0 ? arena_str(a, s) : (struct str){0};
}

void
bounce_refusals_dead(struct bounce_refusals *r, const struct bounce_row *row)
{
	struct bounce_row *kept;

	r->rows = mem_more(r->rows, r->count, &r->cap, sizeof(*r->rows));
	kept = &r->rows[r->count++];
	*kept = *row;
	kept->email_id = keep_some(r->arena, row->email_id);
	kept->key = keep_some(r->arena, row->key);
	kept->enhanced = keep_some(r->arena, row->enhanced);
	kept->reply = keep_some(r->arena,
	    (struct str){row->reply.p, utf8_cut(row->reply, REPLY_MAX)});
}

bool
bounce_refusals_any(const struct bounce_refusals *r)
{
	return r->count > 0;
}

/* A breaker that opened later has taken refusals back. */
static int
enter_row(const struct bounce_refusals *r, struct bounce_register *b,
    struct bounce_row *row, struct fail *f)
{
	const struct domain *d = map_get(r->domains, str_behind(row->key, '@'));
	bool failed = false, added;

	if (b->ops->failed(b, row->email_id, row->key, &failed, f) < 0)
		return -1;
	if (!failed)
		return 0;
	row->proof = d != NULL && d->accepted >= d->refused ? STR("smtp")
							    : STR("smtp_once");
	return bounce_register_put(b, row, &added, f);
}

static int
enter_slice(struct bounce_refusals *r, struct bounce_register *b, size_t from,
    struct fail *f)
{
	int rc = 0;

	for (size_t i = from; rc == 0 && i < r->count && i < from + SLICE; i++)
		rc = enter_row(r, b, &r->rows[i], f);
	return rc;
}

int
bounce_refusals_enter(
    struct bounce_refusals *r, struct store *store, struct fail *f)
{
	for (size_t i = 0; i < r->count; i += SLICE) {
		if (store_begin(store, false, f) < 0 ||
		    store_finish(
			store, enter_slice(r, store->bounces, i, f), f) < 0)
			return -1;
	}
	r->count = 0;
	return 0;
}
