#include "port/send/delivery_stops.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "port/relay/relay_stops.h"
#include "port/send/delivery_outcome.h"

#define LOOK_MS 1000 /* between two looks at the database */

struct delivery_stops_entry {
	struct relay_stop stop; /* strings in the run's arena */
	int status;             /* of a run that meets it */
	bool local;             /* not in the database */
	bool gone;              /* lifted by somebody else */
	bool told;
};

struct delivery_stops {
	struct delivery_stops_entry *list;
	size_t count, cap;
	int64_t next_look; /* monotonic ms */
};

static struct str
keep_text(struct delivery_state *d, struct str s)
{
	return s.p != NULL ? arena_str(d->arena, s) : s;
}

static struct delivery_stops_entry *
find_entry(struct delivery_state *d, const struct relay_stop *s)
{
	for (size_t i = 0; i < d->stops->count; i++) {
		struct relay_stop *have = &d->stops->list[i].stop;

		if (have->scope == s->scope && str_eq(have->key, s->key) &&
		    str_eq(have->content, s->content))
			return &d->stops->list[i];
	}
	return NULL;
}

static struct delivery_stops_entry *
add_entry(struct delivery_state *d, const struct relay_stop *s)
{
	struct delivery_stops_entry *e;

	d->stops->list = mem_more(d->stops->list, d->stops->count,
	    &d->stops->cap, sizeof(*d->stops->list));
	e = &d->stops->list[d->stops->count++];
	*e = (struct delivery_stops_entry){.stop = {.scope = s->scope}};
	e->stop.relay = keep_text(d, s->relay);
	e->stop.account = keep_text(d, s->account);
	e->stop.key = keep_text(d, s->key);
	e->stop.content = keep_text(d, s->content);
	return e;
}

static void
replace_text(struct delivery_state *d, struct str *old, struct str s)
{
	if (!str_eq(*old, s))
		*old = keep_text(d, s);
}

/* The stop may be another than before: by another process, for another cause,
 * which is told as well. */
static struct delivery_stops_entry *
put_entry(struct delivery_state *d, const struct relay_stop *s, int status)
{
	struct delivery_stops_entry *e = find_entry(d, s);

	if (e == NULL)
		e = add_entry(d, s);
	e->told = e->told && str_eq(e->stop.class, s->class);
	replace_text(d, &e->stop.class, s->class);
	replace_text(d, &e->stop.stage, s->stage);
	replace_text(d, &e->stop.enhanced, s->enhanced);
	replace_text(d, &e->stop.reply, s->reply);
	e->stop.code = s->code;
	e->stop.at = s->at;
	e->stop.until = s->until;
	e->stop.passing = s->passing;
	e->stop.local = s->local;
	e->status = status;
	e->gone = false;
	return e;
}

static void
tell_entry(struct delivery_state *d, struct delivery_stops_entry *e)
{
	filter_raise(d->p->filter, e->status);
	if (!e->told && d->p->on_stop != NULL)
		d->p->on_stop(d->p->ctx, &e->stop);
	e->told = true;
}

/* The run begins nothing more. */
static void
end_run(struct delivery_state *d, const struct relay_stop *s)
{
	if (d->ending.stop)
		return;
	d->ending = (struct delivery_state_ending){.stop = true,
	    .class = arena_dup(d->arena, s->class.p, s->class.n),
	    .stage = s->stage.n > 0
			 ? arena_dup(d->arena, s->stage.p, s->stage.n)
			 : "none",
	    .code = s->code,
	    .enhanced = keep_text(d, s->enhanced),
	    .reply = keep_text(d, s->reply),
	    .relay = keep_text(d, d->p->relay)};
}

static int
note_stop(void *ctx, const struct relay_stop *s, struct fail *ignored)
{
	struct delivery_state *d = ctx;
	struct delivery_stops_entry *e =
	    put_entry(d, s, s->until == 0 ? 255 : 75);

	(void)ignored;
	e->local = false;
	if (stop_scope_is_whole(s->scope) && !d->ending.stop) {
		tell_entry(d, e);
		end_run(d, &e->stop);
	}
	return 0;
}

int
delivery_stops_look(struct delivery_state *d, struct fail *f)
{
	int64_t now = clock_mono_ms();

	if (d->p->relay.p == NULL || now < d->stops->next_look)
		return 0;
	d->stops->next_look = now + LOOK_MS;
	for (size_t i = 0; i < d->stops->count; i++)
		d->stops->list[i].gone = !d->stops->list[i].local;
	return relay_stops_each(d->p->store->stops, d->p->relay, d->p->account,
	    clock_wall_ms(), note_stop, d, f);
}

/* The key of a letter for a scope; absent if it has none. */
static struct str
key_of(const struct letter *l, enum stop_scope scope)
{
	switch (scope) {
	case STOP_SCOPE_DOMAIN:
		return str_behind(l->envelope.recipient, '@');
	case STOP_SCOPE_MAILING:
		return l->item.email_id;
	case STOP_SCOPE_SENDER:
		return l->sender_key;
	case STOP_SCOPE_RECIPIENT:
	case STOP_SCOPE_ACCOUNT:
	case STOP_SCOPE_RELAY:
		break;
	}
	return (struct str){0};
}

static bool
is_stopped(
    const struct delivery_stops_entry *e, const struct letter *l, int64_t now)
{
	const struct relay_stop *s = &e->stop;
	struct str key = key_of(l, s->scope);

	/* An outage: delivery_refusals_gate() lets a probe of the domain go. */
	if (s->scope == STOP_SCOPE_DOMAIN && s->until == 0 &&
	    str_is(s->class, "breaker"))
		return false;
	if (e->gone || key.p == NULL || !str_eq(key, s->key) ||
	    (s->until != 0 && s->until <= now))
		return false;
	return s->scope != STOP_SCOPE_MAILING || s->content.p == NULL ||
	       str_eq(s->content, l->item.content);
}

/* The stop ends later than the one that is known. */
static bool
outlasts_known(const struct relay_stop *s, const struct relay_stop *known)
{
	if (s->passing || (known->until == 0 && !known->passing))
		return false;
	return s->until == 0 || s->until > known->until;
}

static struct delivery_stops_entry *
keep_stop(struct delivery_state *d, const struct relay_stop *s, int status)
{
	struct delivery_stops_entry *e = put_entry(d, s, status);
	struct fail f;

	e->local = s->passing;
	if (!e->local && relay_stops_put(d->p->store->stops, s, &f) < 0) {
		filter_report(d->p->filter, NULL, NULL, NULL, &f);
		e->local = true;
	}
	return e;
}

void
delivery_stops_put(
    struct delivery_state *d, const struct relay_stop *s, int status)
{
	struct delivery_stops_entry *e = keep_stop(d, s, status);

	tell_entry(d, e);
	if (stop_scope_is_whole(s->scope))
		end_run(d, &e->stop);
}

void
delivery_stops_add(struct delivery_state *d, const struct transport_event *ev)
{
	const struct outcome *o = &ev->outcome;
	const struct letter *l =
	    ev->envelope != NULL ? ev->envelope->owner : NULL;
	struct relay_stop s = {.relay = d->p->relay,
	    .account = d->p->account,
	    .scope = ev->scope,
	    .class = str_of(o->class),
	    .stage = str_of(o->stage),
	    .enhanced = o->enhanced,
	    .reply = o->reply,
	    .code = o->code,
	    .at = clock_wall_ms(),
	    .until = o->next_try};
	struct delivery_stops_entry *e;

	if (l != NULL && !stop_scope_is_whole(s.scope))
		s.key = key_of(l, s.scope);
	if (l != NULL && s.scope == STOP_SCOPE_MAILING)
		s.content = l->item.content;
	s.local = ev->status == 2;
	s.passing = ev->status != 255 && s.until == 0;
	e = find_entry(d, &s);
	if (e != NULL && e->gone)
		e->told = false;
	if (e == NULL || e->gone || outlasts_known(&s, &e->stop))
		e = keep_stop(d, &s, ev->status);
	tell_entry(d, e);
	if (stop_scope_is_whole(s.scope))
		end_run(d, &e->stop);
}

/* The stop that concerns the letter, or NULL. */
static struct delivery_stops_entry *
find_stop(struct delivery_state *d, const struct letter *l)
{
	int64_t now = d->stops->count > 0 ? clock_wall_ms() : 0;

	for (size_t i = 0; i < d->stops->count; i++) {
		if (is_stopped(&d->stops->list[i], l, now))
			return &d->stops->list[i];
	}
	return NULL;
}

void
delivery_stops_meet(struct delivery_state *d, const struct letter *l)
{
	struct delivery_stops_entry *e = find_stop(d, l);

	if (e != NULL)
		tell_entry(d, e);
}

bool
delivery_stops_hold(struct delivery_state *d, struct letter *l)
{
	struct delivery_stops_entry *e = find_stop(d, l);
	struct outcome o;

	if (e == NULL)
		return false;
	tell_entry(d, e);
	o = delivery_outcome_make(OUTCOME_DEFERRED,
	    arena_dup(l->arena, e->stop.class.p, e->stop.class.n));
	if (e->stop.stage.n > 0)
		o.stage = arena_dup(l->arena, e->stop.stage.p, e->stop.stage.n);
	o.code = e->stop.code;
	o.enhanced = e->stop.enhanced;
	o.reply = e->stop.reply;
	o.relay = e->stop.relay;
	o.next_try = e->stop.until;
	ledger_release(d->p->ledger, &l->item);
	l->item.attempt--;
	delivery_outcome_set(d, l, &o);
	return true;
}

void
delivery_stops_init(struct delivery_state *d)
{
	d->stops = mem_new(sizeof(*d->stops));
}

void
delivery_stops_free(struct delivery_state *d)
{
	free(d->stops->list);
	free(d->stops);
}
