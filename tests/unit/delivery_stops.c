/*
 * The stops of a run, as other processes change them under way.
 */
#include "port/send/delivery_stops.h"

#include <unistd.h>

#include "base/clock.h"
#include "memory/memory_store.h"
#include "port/relay/relay_stops.h"
#include "unit.h"

#define LIMIT_MS 10000

struct told {
	struct buf text;
	int count;
};

static struct fail f;

/* As a delivery_params_stop_fn. */
static void
note_told(void *ctx, const struct relay_stop *s)
{
	struct told *t = ctx;

	t->count++;
	buf_reset(&t->text);
	buf_printf(&t->text, "%.*s %.*s %d %.*s %.*s", (int)s->class.n,
	    s->class.p, (int)s->stage.n, s->stage.p, s->code,
	    (int)s->enhanced.n, s->enhanced.p, (int)s->reply.n, s->reply.p);
}

static struct relay_stop
make_stop(const char *class, const char *reply, int code)
{
	return (struct relay_stop){.relay = STR("relay:25"),
	    .account = STR("me"),
	    .scope = STOP_SCOPE_SENDER,
	    .key = STR("a@uni.example"),
	    .class = str_of(class),
	    .stage = code == 550 ? STR("mail") : STR("dot"),
	    .enhanced = code == 550 ? STR("5.7.1") : STR("5.2.2"),
	    .reply = str_of(reply),
	    .code = code,
	    .at = clock_wall_ms()};
}

/* Looks, as a run does, until the letter meets a stop that is told anew. */
static void
await_told(
    struct delivery_state *d, const struct letter *l, struct told *t, int count)
{
	int64_t end = clock_mono_ms() + LIMIT_MS;

	while (t->count < count && clock_mono_ms() < end) {
		if (delivery_stops_look(d, &f) < 0)
			return;
		delivery_stops_meet(d, l);
	}
}

int
main(void)
{
	struct memory_place *place = memory_place_new(MEMORY_FAULT_NONE);
	struct store *ours = memory_store_open(place);
	struct store *other = memory_store_open(place);
	struct told told = {0};
	struct delivery_params p = {.store = ours,
	    .relay = STR("relay:25"),
	    .account = STR("me"),
	    .on_stop = note_told,
	    .ctx = &told};
	struct delivery_state d = {.p = &p};
	struct letter l = {.sender_key = STR("a@uni.example")};
	int out;
	struct relay_stop s = make_stop("sender", "not this sender", 550);

	p.filter = filter_new("delivery_stops", NULL, 0);
	d.arena = arena_new();
	delivery_stops_init(&d);
	ok(relay_stops_put(other->stops, &s, &f) == 0, "another process stops");
	await_told(&d, &l, &told, 1);
	same(buf_str(&told.text), "sender mail 550 5.7.1 not this sender",
	    "it is told");
	delivery_stops_meet(&d, &l);
	ok(told.count == 1, "once");
	s = make_stop("quota", "too much mail", 452);
	ok(relay_stops_put(other->stops, &s, &f) == 0,
	    "another cause takes its place");
	await_told(&d, &l, &told, 2);
	same(buf_str(&told.text), "quota dot 452 5.2.2 too much mail",
	    "with its own words");
	delivery_stops_meet(&d, &l);
	ok(told.count == 2, "once as well");
	delivery_stops_free(&d);
	arena_free(d.arena);
	fflush(stdout);
	out = dup(STDOUT_FILENO); /* which the filter closes */
	filter_finish(p.filter);
	dup2(out, STDOUT_FILENO);
	close(out);
	buf_free(&told.text);
	store_close(ours);
	store_close(other);
	memory_place_free(place);
	return unit_end();
}
