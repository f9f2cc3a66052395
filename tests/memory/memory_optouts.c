#include <string.h>

#include "base/mem.h"
#include "memory/memory_data.h"
#include "port/optout/hidden_key.h"
#include "port/optout/optouts_ops.h"

static bool
has_name(const struct optout *o, struct str user_id, struct str key)
{
	return (user_id.n > 0 && str_eq(o->user_id, user_id)) ||
	       (key.n > 0 && str_eq(o->key, key));
}

/* The latest row of the scope with one of the names says "out". */
static bool
is_out(struct optouts *r, struct str scope, struct str user_id, struct str key)
{
	const struct memory_data *d = memory_data_of(r->store);
	bool first = memory_data_fault(r->store) == MEMORY_FAULT_FIRST;

	for (size_t i = 0; i < d->optout_count; i++) {
		size_t at = first ? i : d->optout_count - 1 - i;
		const struct optout *o = &d->optouts[at];

		if (str_eq(o->course_id, scope) && has_name(o, user_id, key))
			return o->out;
	}
	return false;
}

static int
check_out(struct optouts *r, struct str course_id, struct str user_id,
    struct str key, bool *out, bool *hidden, struct fail *f)
{
	const struct memory_data *d = memory_data_of(r->store);
	enum memory_fault fault = memory_data_fault(r->store);
	const struct str none = {0};

	(void)f;
	*out =
	    is_out(r, course_id, user_id, none) ||
	    (fault != MEMORY_FAULT_NO_KEY && is_out(r, course_id, none, key));
	if (fault != MEMORY_FAULT_NO_ALL)
		*out = *out || is_out(r, STR("*"), user_id, none) ||
		       is_out(r, STR("*"), none, key);
	*hidden = false;
	for (size_t i = 0; i < d->optout_count; i++)
		*hidden |= hidden_key_valid(d->optouts[i].key);
	if (fault == MEMORY_FAULT_UNTOLD)
		*hidden = false;
	return 0;
}

static bool
is_own(struct optouts *r, struct str source)
{
	return str_is(source, "page") || str_is(source, "one-click") ||
	       str_is(source, "mail") || str_is(source, "import") ||
	       memory_data_fault(r->store) == MEMORY_FAULT_OWN;
}

static bool
is_kept(const struct optout *o, struct str link)
{
	if (str_is(o->source, "page") || str_is(o->source, "one-click") ||
	    str_is(o->source, "mail"))
		return str_is(o->course_id, "*") && o->link.n > 0 &&
		       link.n > 0 && !str_eq(o->link, link);
	return true;
}

static int
find_standing(struct optouts *r, struct str scope,
    const struct optouts_name *name, struct str link, struct optout_standing *s,
    struct fail *f)
{
	const struct memory_data *d = memory_data_of(r->store);

	(void)f;
	*s = (struct optout_standing){0};
	for (size_t i = 0; i < d->optout_count; i++) {
		const struct optout *o = &d->optouts[i];

		if (!str_eq(o->course_id, scope) ||
		    !has_name(o, name->user_id, name->key))
			continue;
		s->own = o->out && (s->own || is_own(r, o->source));
		s->kept = o->out && (s->kept || is_kept(o, link));
		s->out = o->out;
	}
	return 0;
}

static int
append_row(struct optouts *r, const struct optout *o, struct fail *f)
{
	struct memory_data *d = memory_data_of(r->store);
	struct optout row = *o;

	(void)f;
	row.course_id = memory_data_keep(r->store, o->course_id);
	row.user_id = memory_data_keep(r->store, o->user_id);
	row.key = memory_data_keep(r->store, o->key);
	row.source = memory_data_keep(r->store, o->source);
	row.reason = memory_data_keep(r->store, o->reason);
	row.link = memory_data_keep(r->store, o->link);
	d->optouts = mem_more(
	    d->optouts, d->optout_count, &d->optout_cap, sizeof(*d->optouts));
	d->optouts[d->optout_count++] = row;
	return 0;
}

static int
replace_row(struct optouts *r, const struct optout *o, struct fail *f)
{
	struct memory_data *d = memory_data_of(r->store);
	size_t at = d->optout_count;

	while (at-- > 0) {
		const struct optout *old = &d->optouts[at];

		if (str_eq(old->course_id, o->course_id) &&
		    str_eq(old->user_id, o->user_id) &&
		    str_eq(old->key, o->key))
			break;
	}
	memmove(&d->optouts[at], &d->optouts[at + 1],
	    (d->optout_count - at - 1) * sizeof(*d->optouts));
	d->optout_count--;
	return append_row(r, o, f);
}

/* No later row of its scope has the user id, or none has the key. */
static bool
is_latest(const struct memory_data *d, size_t at)
{
	const struct str none = {0};
	const struct optout *o = &d->optouts[at];
	bool by_id = o->user_id.n > 0, by_key = o->key.n > 0;

	for (size_t i = at + 1; i < d->optout_count; i++) {
		const struct optout *n = &d->optouts[i];

		if (!str_eq(n->course_id, o->course_id))
			continue;
		by_id = by_id && !has_name(n, o->user_id, none);
		by_key = by_key && !has_name(n, none, o->key);
	}
	return by_id || by_key;
}

/* A store in memory has no roster. */
static int
knows_person(struct optouts *r, const struct optout *o, struct str hidden,
    bool *key_known, bool *user_known, struct fail *f)
{
	const struct memory_data *d = memory_data_of(r->store);

	(void)f;
	*user_known = false;
	*key_known = d->mailing_count == 0;
	for (size_t i = 0; i < d->optout_count; i++)
		*key_known &= !str_eq(d->optouts[i].key, hidden);
	for (size_t i = 0; i < d->row_count; i++)
		*key_known |= str_eq(d->rows[i].shown.key, o->key);
	return 0;
}

static int
list_rows(struct optouts *r, const struct optouts_choice *c, optout_fn *fn,
    void *ctx, struct fail *f)
{
	const struct memory_data *d = memory_data_of(r->store);
	const struct str none = {0};

	for (size_t i = 0; i < d->optout_count; i++) {
		const struct optout *o = &d->optouts[i];

		if ((c->course_id.p != NULL &&
			!str_eq(o->course_id, c->course_id)) ||
		    (c->latest && !is_latest(d, i)) ||
		    (c->person && !has_name(o, c->user_id, c->key) &&
			!has_name(o, none, c->hidden)))
			continue;
		if (fn(ctx, o, f) < 0)
			return -1;
	}
	return 0;
}

static int
list_out(struct optouts *r, struct str course_id, optout_name_fn *fn, void *ctx,
    struct fail *f)
{
	const struct memory_data *d = memory_data_of(r->store);
	const struct str none = {0};

	for (size_t i = 0; i < d->optout_count; i++) {
		const struct optout *o = &d->optouts[i];

		if (o->user_id.n > 0 &&
		    (is_out(r, course_id, o->user_id, none) ||
			is_out(r, STR("*"), o->user_id, none)) &&
		    fn(ctx, o->user_id, none, f) < 0)
			return -1;
		if (o->key.n > 0 &&
		    (is_out(r, course_id, none, o->key) ||
			is_out(r, STR("*"), none, o->key)) &&
		    fn(ctx, none, o->key, f) < 0)
			return -1;
	}
	return 0;
}

static int
has_course(struct optouts *r, struct str course_id, bool *has, struct fail *f)
{
	const struct memory_data *d = memory_data_of(r->store);

	(void)f;
	*has = false;
	for (size_t i = 0; i < d->optout_count; i++)
		*has |= str_eq(d->optouts[i].course_id, course_id);
	return 0;
}

static struct str
person_of(const struct optout *o)
{
	return o->key.p != NULL ? o->key : o->user_id;
}

static bool
counts_out(const struct optout *o, struct str course_id, int64_t since)
{
	return o->out && o->at >= since &&
	       (str_eq(o->course_id, course_id) || str_is(o->course_id, "*"));
}

static int
count_out(struct optouts *r, struct str course_id, int64_t since,
    long long *count, struct fail *f)
{
	const struct memory_data *d = memory_data_of(r->store);

	(void)f;
	*count = 0;
	for (size_t i = 0; i < d->optout_count; i++) {
		bool counted = !counts_out(&d->optouts[i], course_id, since);

		for (size_t j = 0; !counted && j < i; j++)
			counted =
			    counts_out(&d->optouts[j], course_id, since) &&
			    str_eq(person_of(&d->optouts[j]),
				person_of(&d->optouts[i]));
		*count += !counted;
	}
	return 0;
}

static const struct optouts_ops operations = {
    .check = check_out,
    .standing = find_standing,
    .append = append_row,
    .replace = replace_row,
    .knows = knows_person,
    .list = list_rows,
    .list_out = list_out,
    .has_course = has_course,
    .count = count_out,
};

struct optouts *
memory_optouts_new(struct store *store)
{
	struct optouts *r = mem_new(sizeof(*r));

	*r = (struct optouts){&operations, NULL, store};
	return r;
}
