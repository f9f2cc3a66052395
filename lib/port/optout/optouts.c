#include "port/optout/optouts.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "port/optout/hidden_key.h"
#include "port/optout/optouts_day.h"
#include "port/optout/optouts_ops.h"

/* An empty name is an absent one. */
static struct str
omit_empty(struct str s)
{
	return s.n > 0 ? s : (struct str){0};
}

/* The hidden key, absent like the key. */
static struct str
put_hidden(struct buf *b, struct str key)
{
	if (key.n == 0)
		return (struct str){0};
	hidden_key_put(b, key);
	return buf_str(b);
}

int
optouts_check(struct optouts *r, struct str course_id, struct str user_id,
    struct str key, bool *out, struct fail *f)
{
	struct buf hash = {0};
	bool hidden;
	int rc;

	if (r->ops->check(r, course_id, omit_empty(user_id), omit_empty(key),
		out, &hidden, f) < 0)
		return -1;
	if (*out || !hidden)
		return 0;
	rc = r->ops->check(r, course_id, (struct str){0},
	    put_hidden(&hash, key), out, &hidden, f);
	buf_free(&hash);
	return rc;
}

int
optouts_standing(struct optouts *r, struct str scope, struct str user_id,
    struct str key, struct str link, struct optout_standing *s, struct fail *f)
{
	struct buf hash = {0};
	const struct optouts_name names[] = {
	    {.user_id = omit_empty(user_id)},
	    {.key = omit_empty(key)},
	    {.key = put_hidden(&hash, key)},
	};
	int rc = 0;

	*s = (struct optout_standing){0};
	for (size_t i = 0; rc == 0 && i < 3; i++) {
		struct optout_standing one = {0};

		rc = r->ops->standing(r, scope, &names[i], link, &one, f);
		s->out |= one.out;
		s->own |= one.own;
		s->kept |= one.kept;
	}
	buf_free(&hash);
	return rc;
}

static bool
is_own(struct str source)
{
	return !str_is(source, "operator") && !str_is(source, "bounce");
}

/* Would the row change the standing of the user id or of the key? */
static int
is_news(struct optouts *r, const struct optout *o, bool *news, struct fail *f)
{
	const struct optouts_name names[] = {
	    {.user_id = omit_empty(o->user_id)}, {.key = omit_empty(o->key)}};

	*news = false;
	for (size_t i = 0; i < 2; i++) {
		struct optout_standing s;

		if (names[i].user_id.n == 0 && names[i].key.n == 0)
			continue;
		if (r->ops->standing(
			r, o->course_id, &names[i], (struct str){0}, &s, f) < 0)
			return -1;
		if (o->out ? !s.out || (is_own(o->source) && !s.own) : s.out)
			*news = true;
	}
	return 0;
}

/* By a link, or by a report of a mail server: nobody types an address. */
static bool
is_by_link(struct str source)
{
	return is_own(source) && !str_is(source, "import");
}

/*
 * A person who was forgotten, or whom nothing here knows any more, stays
 * forgotten: an old link brings the hidden key, no name.
 */
static int
hide_unknown(
    struct optouts *r, struct optout *row, struct buf *hidden, struct fail *f)
{
	bool key_known, user_known;

	if (row->key.n == 0 || !is_by_link(row->source) ||
	    hidden_key_valid(row->key))
		return 0;
	put_hidden(hidden, row->key);
	if (r->ops->knows(r, row, buf_str(hidden), &key_known, &user_known, f) <
	    0)
		return -1;
	if (key_known)
		return 0;
	row->key = buf_str(hidden);
	if (!user_known)
		row->user_id = (struct str){0};
	return 0;
}

static int
put_news(
    struct optouts *r, const struct optout *row, bool *added, struct fail *f)
{
	bool news, full;

	if (is_news(r, row, &news, f) < 0)
		return -1;
	if (added != NULL)
		*added = news;
	if (!news)
		return 0;
	if (optouts_day_is_full(r, row, &full, f) < 0)
		return -1;
	return full ? r->ops->replace(r, row, f) : r->ops->append(r, row, f);
}

int
optouts_put(
    struct optouts *r, const struct optout *o, bool *added, struct fail *f)
{
	struct optout row = *o;
	struct buf hidden = {0};
	int rc;

	row.user_id = omit_empty(o->user_id);
	row.key = omit_empty(o->key);
	row.reason = omit_empty(o->reason);
	rc = hide_unknown(r, &row, &hidden, f);
	if (rc == 0)
		rc = put_news(r, &row, added, f);
	buf_free(&hidden);
	return rc;
}

int
optouts_add(
    struct optouts *r, const struct optout *o, bool *added, struct fail *f)
{
	if (store_begin(r->store, false, f) < 0)
		return -1;
	return store_finish(r->store, optouts_put(r, o, added, f), f);
}

/* Whose word takes a person back in. */
enum asker {
	ASKER_OPERATOR,
	ASKER_PERSON, /* as an operator says */
	ASKER_LINK,   /* whoever has it */
};

/* Only the person may take back an own opt-out, and a link those of links. */
static int
refuse_asker(
    struct optouts *r, const struct optout *o, enum asker asker, struct fail *f)
{
	struct optout_standing s;

	if (asker == ASKER_PERSON)
		return 0;
	if (optouts_standing(
		r, o->course_id, o->user_id, o->key, o->link, &s, f) < 0)
		return -1;
	if (asker == ASKER_LINK && s.kept)
		return fail_data(f, "stopped by another act than a link's, or "
				    "by another link; only an operator can "
				    "take it back");
	if (asker == ASKER_OPERATOR && s.own)
		return fail_data(f, "opted out in person; only when that "
				    "person asks, use --person-asked");
	return 0;
}

/* The pairs of names in a person's rows, each once. */
struct pairs {
	struct {
		struct str user_id, key;
	} * list;
	size_t count, cap;
	struct arena *arena;
};

static struct str
keep_name(struct arena *arena, struct str s)
{
	return s.p == NULL ? s : arena_str(arena, s);
}

/* As an optout_fn. */
static int
add_pair(void *ctx, const struct optout *o, struct fail *f)
{
	struct pairs *p = ctx;

	(void)f;
	for (size_t i = 0; i < p->count; i++) {
		if (str_eq(p->list[i].user_id, o->user_id) &&
		    str_eq(p->list[i].key, o->key))
			return 0;
	}
	p->list = mem_more(p->list, p->count, &p->cap, sizeof(*p->list));
	p->list[p->count].user_id = keep_name(p->arena, o->user_id);
	p->list[p->count++].key = keep_name(p->arena, o->key);
	return 0;
}

static int
find_pairs(struct optouts *r, const struct optout *o, struct pairs *pairs,
    struct fail *f)
{
	struct buf hash = {0};
	const struct optouts_choice c = {.course_id = o->course_id,
	    .person = true,
	    .user_id = omit_empty(o->user_id),
	    .key = omit_empty(o->key),
	    .hidden = put_hidden(&hash, o->key)};
	int rc = r->ops->list(r, &c, add_pair, pairs, f);

	buf_free(&hash);
	return rc;
}

/* Puts an "in" row for each pair of names. */
static int
put_pairs(struct optouts *r, const struct optout *o, enum asker asker,
    struct pairs *pairs, long long *count, struct fail *f)
{
	struct optout row = *o;
	bool added;

	if (find_pairs(r, o, pairs, f) < 0)
		return -1;
	row.out = false;
	for (size_t i = 0; i < pairs->count; i++) {
		row.user_id = pairs->list[i].user_id;
		row.key = pairs->list[i].key;
		if (refuse_asker(r, &row, asker, f) < 0)
			return -1;
	}
	for (size_t i = 0; i < pairs->count; i++) {
		row.user_id = pairs->list[i].user_id;
		row.key = pairs->list[i].key;
		if (optouts_put(r, &row, &added, f) < 0)
			return -1;
		*count += added;
	}
	return 0;
}

static int
put_restored(struct optouts *r, const struct optout *o, enum asker asker,
    long long *count, struct fail *f)
{
	struct pairs pairs = {.arena = arena_new()};
	int rc;

	*count = 0;
	rc = put_pairs(r, o, asker, &pairs, count, f);
	free(pairs.list);
	arena_free(pairs.arena);
	return rc;
}

int
optouts_restore(struct optouts *r, const struct optout *o, bool person_asked,
    long long *count, struct fail *f)
{
	enum asker asker = person_asked ? ASKER_PERSON : ASKER_OPERATOR;

	if (store_begin(r->store, false, f) < 0)
		return -1;
	return store_finish(r->store, put_restored(r, o, asker, count, f), f);
}

int
optouts_undo(
    struct optouts *r, const struct optout *o, long long *count, struct fail *f)
{
	return put_restored(r, o, ASKER_LINK, count, f);
}

int
optouts_has_course(
    struct optouts *r, struct str course_id, bool *has, struct fail *f)
{
	return r->ops->has_course(r, course_id, has, f);
}

int
optouts_count(struct optouts *r, struct str course_id, int64_t since,
    long long *count, struct fail *f)
{
	return r->ops->count(r, course_id, since, count, f);
}
