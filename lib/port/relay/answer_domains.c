#include "port/relay/answer_domains.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/mem.h"
#include "port/relay/stop_words.h"

enum state {
	FREE,
	PROBE,   /* an outage: ask one recipient */
	PROBING, /* and one is asked */
	CLOSED,
};

struct domain {
	struct outage outage;
	enum state state;
	bool stopped;   /* at the start there was a stop */
	bool touched;   /* this process has victims in it */
	bool put, lift; /* the stop */
	struct stop_words words;
};

struct answer_domains {
	struct answer_domains_of of;
	struct map *all; /* struct domain by name */
	size_t blocked;  /* domains that are not free */
};

static void
set_state(struct answer_domains *ds, struct domain *d, enum state state)
{
	ds->blocked -= d->state != FREE;
	d->state = state;
	ds->blocked += d->state != FREE;
}

/* As a relay_stop_fn. */
static int
note_stop(void *ctx, const struct relay_stop *stop, struct fail *f)
{
	struct answer_domains *ds = ctx;
	struct domain *d;

	(void)f;
	if (stop->scope != STOP_SCOPE_DOMAIN || stop->until != 0 ||
	    !str_is(stop->class, "breaker"))
		return 0;
	d = map_put(ds->all, stop->key);
	d->stopped = d->lift = true;
	return 0;
}

/* As an answer_store_fn. */
static int
note_outage(
    void *ctx, struct str domain, const struct outage *o, struct fail *f)
{
	struct answer_domains *ds = ctx;
	struct domain *d;

	(void)f;
	if (o->since == 0)
		return 0;
	d = map_put(ds->all, domain);
	d->outage = *o;
	d->lift = false;
	if (d->stopped)
		set_state(ds, d, PROBE);
	return 0;
}

static bool
is_lifted(const struct domain *d)
{
	return d->outage.since != 0 && !d->stopped;
}

static int
save_lifted(struct answer_domains *ds, struct fail *f)
{
	for (size_t i = 0; i < map_count(ds->all); i++) {
		struct str name;
		struct domain *d = map_item(ds->all, i, &name);

		if (!is_lifted(d))
			continue;
		d->outage = (struct outage){0};
		if (answer_store_save_domain(
			ds->of.answers, name, &d->outage, f) < 0)
			return -1;
	}
	return 0;
}

/* An outage whose stop an operator has lifted is over. */
static int
forget_lifted(struct answer_domains *ds, struct fail *f)
{
	bool some = false;

	for (size_t i = 0; !some && i < map_count(ds->all); i++)
		some = is_lifted(map_item(ds->all, i, NULL));
	if (!some)
		return 0;
	if (store_begin(ds->of.store, false, f) < 0)
		return -1;
	return store_finish(ds->of.store, save_lifted(ds, f), f);
}

int
answer_domains_open(struct answer_domains **out,
    const struct answer_domains_of *of, int64_t now, struct fail *f)
{
	struct answer_domains *ds = mem_new(sizeof(*ds));

	ds->of = *of;
	ds->all = map_new(sizeof(struct domain));
	if (relay_stops_each(of->store->stops, of->relay, of->account, now,
		note_stop, ds, f) < 0 ||
	    answer_store_each_domain(of->answers, note_outage, ds, f) < 0 ||
	    forget_lifted(ds, f) < 0) {
		answer_domains_close(ds);
		return -1;
	}
	*out = ds;
	return 0;
}

void
answer_domains_close(struct answer_domains *ds)
{
	if (ds == NULL)
		return;
	for (size_t i = 0; i < map_count(ds->all); i++) {
		struct domain *d = map_item(ds->all, i, NULL);

		stop_words_free(&d->words);
	}
	map_free(ds->all);
	free(ds);
}

static struct domain *
find_domain(const struct answer_domains *ds, struct str name)
{
	return map_count(ds->all) > 0 ? map_get(ds->all, name) : NULL;
}

static bool
count_answer(struct answer_domains *ds, struct domain *d,
    const struct answer *a, const struct outcome *o)
{
	bool before = d->outage.since != 0;
	bool part = outage_add(&d->outage, a);

	if (a->kind == ANSWER_NO_MAILBOX)
		stop_words_keep(&d->words, o);
	if (part) {
		d->put = d->put || !before;
		d->touched = true;
		set_state(ds, d, CLOSED);
	} else if (before && d->outage.since == 0) {
		d->lift = true;
		set_state(ds, d, FREE);
	}
	return part;
}

bool
answer_domains_add(struct answer_domains *ds, struct answer *a,
    struct str domain, const struct outcome *o)
{
	struct domain *d = find_domain(ds, domain);

	if (d != NULL && d->state == PROBING) {
		a->probe = true;
		set_state(ds, d, PROBE);
	}
	if (d == NULL && a->kind == ANSWER_NO_MAILBOX)
		d = map_put(ds->all, domain);
	return d != NULL && count_answer(ds, d, a, o);
}

enum answer_effect_gate
answer_domains_gate(struct answer_domains *ds, struct str name)
{
	struct domain *d = ds->blocked > 0 ? map_get(ds->all, name) : NULL;

	if (d == NULL || d->state == FREE)
		return ANSWER_EFFECT_GO;
	if (d->state == CLOSED)
		return ANSWER_EFFECT_CLOSED;
	if (d->state == PROBING)
		return ANSWER_EFFECT_WAIT;
	set_state(ds, d, PROBING);
	return ANSWER_EFFECT_GO;
}

/* --- the exchange --- */

struct seen {
	struct outage outage;
	bool began; /* by the news */
	bool changed;
};

static int
see_answer(struct answer_domains *ds, struct map *all,
    const struct answer_domains_news *n, struct fail *f)
{
	struct seen *e = map_get(all, n->domain);
	bool clean, before;

	if (e == NULL) {
		e = map_put(all, n->domain);
		if (answer_store_load_domain(
			ds->of.answers, n->domain, &e->outage, f) < 0)
			return -1;
	}
	clean = outage_is_clean(&e->outage);
	before = e->outage.since != 0;
	if (outage_add(&e->outage, &n->answer) && !before)
		e->began = true;
	e->changed = e->changed || !clean || !outage_is_clean(&e->outage);
	return 0;
}

/* Take over an outage that another process has begun or ended. */
static void
adopt_domain(struct answer_domains *ds, struct str name, const struct seen *e)
{
	struct domain *d = find_domain(ds, name);

	if (d == NULL && outage_is_clean(&e->outage))
		return;
	if (d == NULL)
		d = map_put(ds->all, name);
	d->outage = e->outage;
	d->put = d->put || e->began;
	if (d->outage.since == 0) {
		set_state(ds, d, FREE);
	} else if (d->state == FREE) {
		d->touched = true;
		set_state(ds, d, CLOSED);
	}
}

static int
save_seen(struct answer_domains *ds, struct map *all, struct fail *f)
{
	for (size_t i = 0; i < map_count(all); i++) {
		struct str name;
		struct seen *e = map_item(all, i, &name);

		if (!e->changed)
			continue;
		if (answer_store_save_domain(
			ds->of.answers, name, &e->outage, f) < 0)
			return -1;
		adopt_domain(ds, name, e);
	}
	return 0;
}

int
answer_domains_exchange(struct answer_domains *ds,
    const struct answer_domains_news *news, size_t count, bool some,
    struct fail *f)
{
	struct map *all = map_new(sizeof(struct seen));
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < count; i++) {
		const struct answer_domains_news *n = &news[i];

		if (some || n->answer.kind == ANSWER_NO_MAILBOX ||
		    map_get(all, n->domain) != NULL)
			rc = see_answer(ds, all, n, f);
	}
	if (rc == 0)
		rc = save_seen(ds, all, f);
	map_free(all);
	return rc;
}

/* --- what follows --- */

int
answer_domains_each(struct answer_domains *ds, int64_t now,
    answer_effect_fn *fn, void *ctx, struct fail *f)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < map_count(ds->all); i++) {
		struct answer_effect_victims v = {.next_try = now};
		struct domain *d = map_item(ds->all, i, &v.domain);

		v.since = d->outage.since;
		if (v.since != 0 && d->touched)
			rc = fn(ctx, &v, f);
		d->touched = false;
	}
	return rc;
}

static int
put_stop(const struct answer_domains *ds, struct str domain,
    const struct domain *d, int64_t now, relay_stop_fn *fn, void *ctx,
    struct fail *f)
{
	struct relay_stop stop = {.relay = ds->of.relay,
	    .account = ds->of.account,
	    .scope = STOP_SCOPE_DOMAIN,
	    .key = domain,
	    .class = STR("breaker"),
	    .at = now};

	stop_words_fill(&d->words, &stop);
	return fn(ctx, &stop, f);
}

static int
lift_stop(const struct answer_domains *ds, struct str domain, struct fail *f)
{
	struct relay_stop_choice choice = {.relay = ds->of.relay,
	    .account = ds->of.account,
	    .scope = STOP_SCOPE_DOMAIN,
	    .key = domain,
	    .class = STR("breaker")};

	return relay_stops_lift(ds->of.store->stops, &choice, f) < 0 ? -1 : 0;
}

int
answer_domains_publish(struct answer_domains *ds, int64_t now,
    relay_stop_fn *fn, void *ctx, struct fail *f)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < map_count(ds->all); i++) {
		struct str name;
		struct domain *d = map_item(ds->all, i, &name);

		if (d->put && d->outage.since != 0)
			rc = put_stop(ds, name, d, now, fn, ctx, f);
		else if (d->lift && d->outage.since == 0)
			rc = lift_stop(ds, name, f);
		d->put = d->lift = false;
	}
	return rc;
}
