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

	return 3 * rank + (str_is(proof, "address")        ? 0
			      : str_is(proof, "smtp_once") ? 1
							   : 2);
}

/* A second run that hears the same a day later speaks for the relay. */
static void
confirm_row(struct bounce_row *row, const struct bounce_register_weight *was)
{
	if (str_is(row->proof, "smtp_once") &&
	    str_is(buf_str(&was->proof), "smtp_once") &&
	    row->at - was->at >= SUPPRESSION_AGAIN_AFTER)
		row->proof = STR("smtp");
}

int
bounce_register_put(struct bounce_register *r, const struct bounce_row *row,
    bool *added, struct fail *f)
{
	struct bounce_register_weight was = {0};
	struct bounce_row news = *row;
	int rc = r->ops->find(r, row->email_id, row->key, &was, f);

	if (rc == 1)
		confirm_row(&news, &was);
	*added = rc == 0 || (rc == 1 && rank_row(news.kind, news.proof) >
					    rank_row(buf_str(&was.kind),
						buf_str(&was.proof)));
	if (rc >= 0)
		rc = *added ? r->ops->put(r, &news, f) : 0;
	buf_free(&was.kind);
	buf_free(&was.proof);
	return rc < 0 ? -1 : 0;
}

int
bounce_register_add(struct bounce_register *r, const struct bounce_row *row,
    bool *added, struct fail *f)
{
	if (store_begin(r->store, false, f) < 0)
		return -1;
	return store_finish(r->store, bounce_register_put(r, row, added, f), f);
}

/* From the first to the last bounce of an outage. */
struct outage {
	int64_t first, last;
};

/* The rows of one person, and what is known of outages. */
struct review {
	struct bounce_register *r;
	struct map *outages; /* struct outage of "email_id domain" */
	struct buf place;    /* whose hard bounces are read, and their times */
	int64_t *times;
	size_t time_count, time_cap;
	struct arena *arena; /* of the person */
	struct suppression_bounce *all;
	size_t count, cap;
	struct bounce_row last;
	bounce_row_out_fn *fn;
	void *ctx;
};

static void
put_place(struct buf *b, const struct bounce_row *row)
{
	buf_reset(b);
	buf_addstr(b, row->email_id);
	buf_addc(b, ' ');
	buf_addstr(b, str_behind(row->key, '@'));
}

static int
end_place(struct review *v, struct fail *f)
{
	struct str domain = buf_str(&v->place),
		   id = str_take(&domain, STR(" "));
	struct outage o = {0};
	long long recipients;

	if (v->time_count == 0)
		return 0;
	if (v->r->ops->recipients(v->r, id, domain, &recipients, f) < 0)
		return -1;
	if (suppression_find_outage(
		v->times, v->time_count, recipients, &o.first, &o.last))
		*(struct outage *)map_put(v->outages, buf_str(&v->place)) = o;
	v->time_count = 0;
	return 0;
}

static int
note_hard(void *ctx, const struct bounce_row *row, struct fail *f)
{
	struct review *v = ctx;
	struct buf place = {0};
	int rc = 0;

	put_place(&place, row);
	if (!str_eq(buf_str(&place), buf_str(&v->place)))
		rc = end_place(v, f);
	buf_free(&v->place);
	v->place = place;
	if (rc < 0)
		return -1;
	v->times =
	    mem_more(v->times, v->time_count, &v->time_cap, sizeof(*v->times));
	v->times[v->time_count++] = row->at;
	return 0;
}

static int
find_outages(struct review *v, struct fail *f)
{
	if (v->r->ops->each_hard(
		v->r, SUPPRESSION_OUTAGE_COUNT, note_hard, v, f) < 0)
		return -1;
	return end_place(v, f);
}

static bool
is_outage(const struct review *v, const struct bounce_row *row)
{
	const struct outage *o = NULL;
	struct buf place = {0};

	if (map_count(v->outages) == 0)
		return false;
	put_place(&place, row);
	o = map_get(v->outages, buf_str(&place));
	buf_free(&place);
	return o != NULL && row->at >= o->first && row->at <= o->last;
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
	    .outage = str_is(row->proof, "smtp_once") || is_outage(v, row)};
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
	    .outages = map_new(sizeof(struct outage)),
	    .arena = arena_new(),
	    .fn = fn,
	    .ctx = ctx};
	int rc = find_outages(&v, f);

	if (rc == 0)
		rc = r->ops->each(r, key, take_row, &v, f);
	if (rc == 0)
		rc = end_person(&v, f);
	free(v.all);
	free(v.times);
	buf_free(&v.place);
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

static int
note_any(void *ctx, const struct bounce_row *row, struct fail *f)
{
	(void)row;
	(void)f;
	*(bool *)ctx = true;
	return 0;
}

/* Most people have no bounce, and outages do not matter to them. */
int
bounce_register_check(struct bounce_register *r, struct str key,
    enum suppression *s, struct fail *f)
{
	bool any = false;

	*s = SUPPRESSION_NONE;
	if (key.n == 0)
		return 0;
	if (r->ops->each(r, key, note_any, &any, f) < 0)
		return -1;
	return any ? review_rows(r, key, note_verdict, s, f) : 0;
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
	struct bounce_register_weight w = {0};
	int rc = r->ops->find(r, email_id, key, &w, f);

	*came = rc != 1 || str_is(buf_str(&w.proof), "smtp") ||
			str_is(buf_str(&w.proof), "smtp_once")
		    ? BOUNCE_REGISTER_NOTHING
		: str_is(buf_str(&w.kind), "complaint")
		    ? BOUNCE_REGISTER_COMPLAINED
		    : BOUNCE_REGISTER_BOUNCED;
	buf_free(&w.kind);
	buf_free(&w.proof);
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
