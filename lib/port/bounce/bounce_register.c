#include "port/bounce/bounce_register.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/mem.h"
#include "port/bounce/bounce_register_ops.h"

/* A kind and a proof in one number: the larger one replaces the other. */
static int
rank_row(struct str kind, struct str proof)
{
	int rank = str_is(kind, "complaint") ? 3
		   : str_is(kind, "hard")    ? 2
		   : str_is(kind, "soft")    ? 1
					     : 0;

	return 2 * rank + !str_is(proof, "address");
}

static int
weigh_row(struct bounce_register *r, const struct bounce_row *row, bool *added,
    struct fail *f)
{
	struct buf kind = {0}, proof = {0};
	int rc = r->ops->find(r, row->email_id, row->key, &kind, &proof, f);

	*added = rc == 0 ||
		 (rc == 1 && rank_row(row->kind, row->proof) >
				 rank_row(buf_str(&kind), buf_str(&proof)));
	if (rc >= 0)
		rc = *added ? r->ops->put(r, row, f) : 0;
	buf_free(&kind);
	buf_free(&proof);
	return rc < 0 ? -1 : 0;
}

int
bounce_register_add(struct bounce_register *r, const struct bounce_row *row,
    bool *added, struct fail *f)
{
	if (store_begin(r->store, false, f) < 0)
		return -1;
	return store_finish(r->store, weigh_row(r, row, added, f), f);
}

/* The rows of one person, and what is known of outages. */
struct review {
	struct bounce_register *r;
	struct map *outages; /* of "email_id domain" */
	struct arena *arena; /* of the person */
	struct suppression_bounce *all;
	size_t count, cap;
	struct bounce_row last;
	bounce_row_out_fn *fn;
	void *ctx;
};

static void
put_place(struct buf *b, struct str email_id, struct str domain)
{
	buf_reset(b);
	buf_addstr(b, email_id);
	buf_addc(b, ' ');
	buf_addstr(b, domain);
}

static int
note_domain(void *ctx, const struct bounce_row_domain *d, struct fail *f)
{
	struct review *v = ctx;
	struct buf place = {0};
	long long recipients = 0;

	if (v->r->ops->recipients(
		v->r, d->email_id, d->domain, &recipients, f) < 0)
		return -1;
	put_place(&place, d->email_id, d->domain);
	if (suppression_is_outage(d->hard, recipients, d->span))
		*(bool *)map_put(v->outages, buf_str(&place)) = true;
	buf_free(&place);
	return 0;
}

static bool
is_outage(const struct review *v, const struct bounce_row *row)
{
	const char *at = memrchr(row->key.p, '@', row->key.n);
	struct buf place = {0};
	bool found;

	if (at == NULL || map_count(v->outages) == 0)
		return false;
	put_place(&place, row->email_id,
	    (struct str){at + 1, (size_t)(row->key.p + row->key.n - at) - 1});
	found = map_get(v->outages, buf_str(&place)) != NULL;
	buf_free(&place);
	return found;
}

/* A success is looked up only when it can make a difference. */
static int
judge_person(struct review *v, enum suppression *s, struct fail *f)
{
	int64_t success = 0;

	*s = suppression_judge(v->all, v->count, 0);
	if (*s != SUPPRESSION_SOFT)
		return 0;
	if (v->r->ops->success(v->r, v->last.key, &success, f) < 0)
		return -1;
	*s = suppression_judge(v->all, v->count, success);
	return 0;
}

static int
end_person(struct review *v, struct fail *f)
{
	enum suppression s = SUPPRESSION_NONE;
	int rc = 0;

	if (v->count > 0 && judge_person(v, &s, f) < 0)
		return -1;
	if (s != SUPPRESSION_NONE)
		rc = v->fn(v->ctx, s, &v->last, (long long)v->count, f);
	v->count = 0;
	arena_reset(v->arena);
	return rc;
}

static int
take_row(void *ctx, const struct bounce_row *row, struct fail *f)
{
	struct review *v = ctx;
	struct suppression_bounce *b;

	if (v->count > 0 && !str_eq(v->last.key, row->key) &&
	    end_person(v, f) < 0)
		return -1;
	v->all = mem_more(v->all, v->count, &v->cap, sizeof(*v->all));
	b = &v->all[v->count++];
	*b = (struct suppression_bounce){
	    .email_id = arena_str(v->arena, row->email_id),
	    .at = row->at,
	    .hard = str_is(row->kind, "hard") && !str_is(row->proof, "address"),
	    .outage = is_outage(v, row)};
	v->last = *row;
	v->last.email_id = b->email_id;
	v->last.key = arena_str(v->arena, row->key);
	v->last.kind = arena_str(v->arena, row->kind);
	v->last.proof = arena_str(v->arena, row->proof);
	v->last.class = arena_str(v->arena, row->class);
	v->last.enhanced = arena_str(v->arena, row->enhanced);
	v->last.reply = arena_str(v->arena, row->reply);
	return 0;
}

static int
review_rows(struct bounce_register *r, struct str key, bounce_row_out_fn *fn,
    void *ctx, struct fail *f)
{
	struct review v = {.r = r,
	    .outages = map_new(sizeof(bool)),
	    .arena = arena_new(),
	    .fn = fn,
	    .ctx = ctx};
	int rc = r->ops->each_domain(
	    r, SUPPRESSION_OUTAGE_COUNT, note_domain, &v, f);

	if (rc == 0)
		rc = r->ops->each(r, key, take_row, &v, f);
	if (rc == 0)
		rc = end_person(&v, f);
	free(v.all);
	arena_free(v.arena);
	map_free(v.outages);
	return rc;
}

int
bounce_register_each(
    struct bounce_register *r, bounce_row_out_fn *fn, void *ctx, struct fail *f)
{
	return review_rows(r, (struct str){0}, fn, ctx, f);
}

static int
note_verdict(void *ctx, enum suppression s, const struct bounce_row *last,
    long long count, struct fail *f)
{
	(void)last;
	(void)count;
	(void)f;
	*(enum suppression *)ctx = s;
	return 0;
}

int
bounce_register_check(struct bounce_register *r, struct str key,
    enum suppression *s, struct fail *f)
{
	*s = SUPPRESSION_NONE;
	return key.n > 0 ? review_rows(r, key, note_verdict, s, f) : 0;
}

int
bounce_register_clear(struct bounce_register *r, struct str key, int64_t since,
    int64_t now, long long *count, struct fail *f)
{
	if (store_begin(r->store, false, f) < 0)
		return -1;
	return store_finish(
	    r->store, r->ops->clear(r, key, since, now, count, f), f);
}

int
bounce_register_count(struct bounce_register *r, struct str email_id,
    long long *bounced, long long *complained, struct fail *f)
{
	return r->ops->count(r, email_id, bounced, complained, f);
}

int
bounce_register_came(struct bounce_register *r, struct str email_id,
    struct str key, enum bounce_register_came *came, struct fail *f)
{
	struct buf kind = {0}, proof = {0};
	int rc = r->ops->find(r, email_id, key, &kind, &proof, f);

	*came = rc != 1 ? BOUNCE_REGISTER_NOTHING
		: str_is(buf_str(&kind), "complaint")
		    ? BOUNCE_REGISTER_COMPLAINED
		    : BOUNCE_REGISTER_BOUNCED;
	buf_free(&kind);
	buf_free(&proof);
	return rc < 0 ? -1 : 0;
}

int
bounce_register_last(struct bounce_register *r, struct str key, bool *found,
    struct buf *id, struct fail *f)
{
	int rc = r->ops->last(r, key, id, f);

	*found = rc == 1;
	return rc < 0 ? -1 : 0;
}
