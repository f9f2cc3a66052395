#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "memory/memory_data.h"
#include "port/relay/relay_stops_ops.h"

struct memory_stops {
	struct relay_stops stops; /* the first member */
	struct store *store;
};

static struct store *
store_of(struct relay_stops *stops)
{
	return ((struct memory_stops *)stops)->store;
}

static bool
is_same_stop(const struct relay_stop *a, const struct relay_stop *b)
{
	return str_eq(a->relay, b->relay) && str_eq(a->account, b->account) &&
	       a->scope == b->scope && str_eq(a->key, b->key);
}

static struct relay_stop
keep_stop(struct store *s, const struct relay_stop *stop)
{
	struct relay_stop kept = *stop;

	kept.relay = memory_data_keep(s, stop->relay);
	kept.account = memory_data_keep(s, stop->account);
	kept.key = memory_data_keep(s, stop->key);
	kept.content = memory_data_keep(s, stop->content);
	kept.class = memory_data_keep(s, stop->class);
	kept.stage = memory_data_keep(s, stop->stage);
	kept.enhanced = memory_data_keep(s, stop->enhanced);
	kept.reply = memory_data_keep(s, stop->reply);
	return kept;
}

static int
put_stop(
    struct relay_stops *stops, const struct relay_stop *stop, struct fail *f)
{
	struct store *s = store_of(stops);
	struct memory_data *d;
	size_t i = 0;

	if (store_begin(s, false, f) < 0)
		return -1;
	d = memory_data_of(s);
	while (i < d->stop_count && !is_same_stop(&d->stops[i], stop))
		i++;
	if (memory_data_fault(s) == MEMORY_FAULT_SECOND)
		i = d->stop_count;
	if (i == d->stop_count)
		d->stops = mem_more(
		    d->stops, d->stop_count++, &d->stop_cap, sizeof(*d->stops));
	d->stops[i] = keep_stop(s, stop);
	return store_commit(s, f);
}

/* The widest scope first. */
static int
rank_scope(enum stop_scope scope)
{
	return scope == STOP_SCOPE_RELAY     ? 0
	       : scope == STOP_SCOPE_ACCOUNT ? 1
					     : 2;
}

static int
compare_stops(const void *p, const void *q)
{
	const struct relay_stop *a = p, *b = q;
	int order = str_order(a->relay, b->relay);

	if (order == 0)
		order = str_order(a->account, b->account);
	if (order == 0)
		order = rank_scope(a->scope) - rank_scope(b->scope);
	if (order == 0)
		order = strcmp(
		    stop_scope_name(a->scope), stop_scope_name(b->scope));
	return order != 0 ? order : str_order(a->key, b->key);
}

static bool
is_in_force(struct store *s, const struct relay_stop *stop, int64_t now)
{
	if (stop->until == 0 || memory_data_fault(s) == MEMORY_FAULT_ENDLESS)
		return true;
	return stop->until > now && stop->at <= now + RELAY_STOPS_AHEAD_MS;
}

static int
visit_stops(struct relay_stops *stops, struct str relay, struct str account,
    int64_t now, relay_stop_fn *fn, void *ctx, struct fail *f)
{
	struct store *s = store_of(stops);
	struct memory_data *d = memory_data_of(s);
	bool narrow = memory_data_fault(s) == MEMORY_FAULT_WIDE;
	int rc = 0;

	if (d->stop_count > 0)
		qsort(
		    d->stops, d->stop_count, sizeof(*d->stops), compare_stops);
	for (size_t i = 0; rc == 0 && i < d->stop_count; i++) {
		const struct relay_stop *stop = &d->stops[i];
		bool wide = stop->scope == STOP_SCOPE_RELAY && !narrow;

		if (is_in_force(s, stop, now) &&
		    (relay.p == NULL ||
			(str_eq(stop->relay, relay) &&
			    (wide || str_eq(stop->account, account)))))
			rc = fn(ctx, stop, f);
	}
	return rc;
}

static bool
is_chosen(const struct relay_stop *s, const struct relay_stop_choice *c)
{
	return (c->relay.p == NULL || str_eq(s->relay, c->relay)) &&
	       (c->account.p == NULL || str_eq(s->account, c->account) ||
		   s->scope == STOP_SCOPE_RELAY) &&
	       (c->scope < 0 || (int)s->scope == c->scope) &&
	       (c->key.p == NULL || str_eq(s->key, c->key)) &&
	       (c->class.p == NULL || str_eq(s->class, c->class));
}

static long long
lift_stops(struct relay_stops *stops, const struct relay_stop_choice *choice,
    struct fail *f)
{
	struct store *s = store_of(stops);
	struct relay_stop_choice c = *choice;
	struct memory_data *d;
	size_t left = 0, before;

	if (store_begin(s, false, f) < 0)
		return -1;
	if (memory_data_fault(s) == MEMORY_FAULT_LIFT_ALL)
		c.key = (struct str){0};
	d = memory_data_of(s);
	before = d->stop_count;
	for (size_t i = 0; i < before; i++) {
		if (!is_chosen(&d->stops[i], &c))
			d->stops[left++] = d->stops[i];
	}
	d->stop_count = left;
	return store_commit(s, f) < 0 ? -1 : (long long)(before - left);
}

static const struct relay_stops_ops operations = {
    .put = put_stop,
    .each = visit_stops,
    .lift = lift_stops,
};

struct relay_stops *
memory_stops_new(struct store *store)
{
	struct memory_stops *m = mem_new(sizeof(*m));

	*m = (struct memory_stops){{&operations}, store};
	return &m->stops;
}
