#include "mail/report/tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/num.h"
#include "mail/report/time_series.h"

#define SHORT_MS 60000 /* waits below this are counted in an array */

struct tally {
	bool brief;
	struct report_group all;
	struct map *classes;                     /* struct report_class */
	struct map *domains, *relays, *attempts; /* struct report_group */
	struct map *refusals;                    /* struct report_refusal */
	struct arena *arena;                     /* sample replies */
	struct buf key;
	int64_t first, last;
	struct time_series *series;

	long long *waits; /* [ms], SHORT_MS of them */
	int64_t *longs;   /* the others */
	size_t long_count, long_cap;
	struct report_latency latency;
	long long wait_sum;
};

struct tally *
tally_new(bool brief)
{
	struct tally *t = mem_new(sizeof(*t));

	t->brief = brief;
	t->classes = map_new(sizeof(struct report_class));
	t->domains = map_new(sizeof(struct report_group));
	t->relays = map_new(sizeof(struct report_group));
	t->attempts = map_new(sizeof(struct report_group));
	t->refusals = map_new(sizeof(struct report_refusal));
	t->arena = arena_new();
	t->series = time_series_new();
	t->waits = mem_new(SHORT_MS * sizeof(*t->waits));
	return t;
}

void
tally_free(struct tally *t)
{
	if (t == NULL)
		return;
	map_free(t->classes);
	map_free(t->domains);
	map_free(t->relays);
	map_free(t->attempts);
	map_free(t->refusals);
	arena_free(t->arena);
	time_series_free(t->series);
	buf_free(&t->key);
	free(t->waits);
	free(t->longs);
	free(t);
}

/* Text and its absence are different keys. */
static void
key_part(struct buf *key, struct str s)
{
	buf_addc(key, s.p != NULL ? '=' : '-');
	buf_addstr(key, s);
	buf_addc(key, '\0');
}

static void
count_class(struct tally *t, const struct report_row *row)
{
	struct report_class *c;

	buf_reset(&t->key);
	buf_addc(&t->key, (char)('0' + (int)row->state));
	buf_addstr(&t->key, row->class);
	c = map_put(t->classes, buf_str(&t->key));
	c->state = row->state;
	c->count += row->count;
}

static void
count_group(struct map *m, struct str name, enum report_state state)
{
	report_add(map_put(m, name), state, 1);
}

static struct str
domain_of(struct str key)
{
	const char *at = key.n > 0 ? memrchr(key.p, '@', key.n) : NULL;

	if (at == NULL)
		return (struct str){0};
	return (struct str){at + 1, key.n - (size_t)(at + 1 - key.p)};
}

static bool
is_refusal(enum report_state state)
{
	return state == REPORT_FAILED || state == REPORT_DEFERRED ||
	       state == REPORT_IN_DOUBT;
}

static void
count_refusal(struct tally *t, const struct report_row *row)
{
	struct report_refusal *r;

	buf_reset(&t->key);
	buf_addc(&t->key, (char)('0' + (int)row->state));
	buf_printf(&t->key, "%d", row->code);
	buf_addc(&t->key, '\0');
	key_part(&t->key, row->class);
	key_part(&t->key, row->enhanced);
	r = map_put(t->refusals, buf_str(&t->key));
	if (r->count++ > 0)
		return;
	r->state = row->state;
	r->code = row->code;
	if (row->class.p != NULL)
		r->class =
		    str_of(arena_dup(t->arena, row->class.p, row->class.n));
	if (row->enhanced.p != NULL)
		r->enhanced = str_of(
		    arena_dup(t->arena, row->enhanced.p, row->enhanced.n));
	if (row->reply.p != NULL)
		r->reply =
		    str_of(arena_dup(t->arena, row->reply.p, row->reply.n));
}

static void
count_wait(struct tally *t, long long ms)
{
	size_t i = 0;

	while (report_wait_limit(i) >= 0 && ms >= report_wait_limit(i))
		i++;
	t->latency.waits[i]++;
	t->latency.count++;
	t->wait_sum += ms;
	if (ms >= 0 && ms < SHORT_MS) {
		t->waits[ms]++;
		return;
	}
	t->longs =
	    mem_more(t->longs, t->long_count, &t->long_cap, sizeof(*t->longs));
	t->longs[t->long_count++] = ms;
}

static void
count_time(struct tally *t, const struct report_row *row)
{
	if (row->at <= 0)
		return;
	if (t->first == 0 || row->at < t->first)
		t->first = row->at;
	if (row->at > t->last)
		t->last = row->at;
	time_series_add(t->series, row->at, row->state);
}

void
tally_add(struct tally *t, const struct report_row *row)
{
	char attempt[24];

	report_add(&t->all, row->state, row->count);
	count_class(t, row);
	if (t->brief)
		return;
	snprintf(attempt, sizeof(attempt), "%lld", row->attempt);
	count_group(t->attempts, str_of(attempt), row->state);
	count_group(t->domains, domain_of(row->key), row->state);
	count_group(t->relays, row->relay, row->state);
	if (is_refusal(row->state))
		count_refusal(t, row);
	if (row->state != REPORT_CLAIMED)
		count_time(t, row);
	if (row->state == REPORT_SENT)
		count_wait(t, row->ms);
}

static struct str
copy(struct arena *a, struct str s)
{
	if (s.n == 0)
		return (struct str){0};
	return arena_str(a, s);
}

static int
larger_group(const void *pa, const void *pb)
{
	const struct report_group *a = pa, *b = pb;

	if (a->total != b->total)
		return a->total < b->total ? 1 : -1;
	return str_order(a->name, b->name);
}

static int
lower_number(const void *pa, const void *pb)
{
	long long a = atoll(((const struct report_group *)pa)->name.p);
	long long b = atoll(((const struct report_group *)pb)->name.p);

	return (a > b) - (a < b);
}

static int
larger_class(const void *pa, const void *pb)
{
	const struct report_class *a = pa, *b = pb;

	if (a->state != b->state)
		return a->state < b->state ? -1 : 1;
	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return str_order(a->class, b->class);
}

static int
larger_refusal(const void *pa, const void *pb)
{
	const struct report_refusal *a = pa, *b = pb;
	int d;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	if (a->state != b->state)
		return a->state < b->state ? -1 : 1;
	if (a->code != b->code)
		return a->code < b->code ? -1 : 1;
	d = str_order(a->class, b->class);
	return d != 0 ? d : str_order(a->enhanced, b->enhanced);
}

static void
end_groups(const struct map *m, struct report_groups *out, struct arena *a,
    int (*order)(const void *, const void *))
{
	out->count = map_count(m);
	out->items = arena_alloc(a, out->count * sizeof(*out->items));
	for (size_t i = 0; i < out->count; i++) {
		struct str name;

		out->items[i] = *(struct report_group *)map_item(m, i, &name);
		out->items[i].name = copy(a, name);
	}
	if (out->count > 0)
		qsort(out->items, out->count, sizeof(*out->items), order);
}

static void
end_classes(const struct tally *t, struct report *r, struct arena *a)
{
	r->class_count = map_count(t->classes);
	r->classes = arena_alloc(a, r->class_count * sizeof(*r->classes));
	for (size_t i = 0; i < r->class_count; i++) {
		struct str key;

		r->classes[i] =
		    *(struct report_class *)map_item(t->classes, i, &key);
		r->classes[i].class =
		    copy(a, (struct str){key.p + 1, key.n - 1});
	}
	if (r->class_count > 0)
		qsort(r->classes, r->class_count, sizeof(*r->classes),
		    larger_class);
}

static void
end_refusals(const struct tally *t, struct report *r, struct arena *a)
{
	r->refusal_count = map_count(t->refusals);
	r->refusals = arena_alloc(a, r->refusal_count * sizeof(*r->refusals));
	for (size_t i = 0; i < r->refusal_count; i++) {
		struct report_refusal *to = &r->refusals[i];

		*to = *(struct report_refusal *)map_item(t->refusals, i, NULL);
		to->class = copy(a, to->class);
		to->enhanced = copy(a, to->enhanced);
		to->reply = copy(a, to->reply);
	}
	if (r->refusal_count > 0)
		qsort(r->refusals, r->refusal_count, sizeof(*r->refusals),
		    larger_refusal);
}

static int
shorter(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The wait of rank n, from 1: the least that n messages did not exceed. */
static long long
wait_of_rank(const struct tally *t, long long n)
{
	for (int ms = 0; ms < SHORT_MS; ms++) {
		n -= t->waits[ms];
		if (n <= 0)
			return ms;
	}
	return t->longs[n - 1];
}

static long long
percentile(const struct tally *t, long long percent)
{
	return wait_of_rank(t, (t->latency.count * percent + 99) / 100);
}

static void
end_latency(const struct tally *t, struct report_latency *l)
{
	*l = t->latency;
	if (l->count == 0)
		return;
	if (t->long_count > 0)
		qsort(t->longs, t->long_count, sizeof(*t->longs), shorter);
	l->mean = t->wait_sum / l->count;
	l->p50 = percentile(t, 50);
	l->p90 = percentile(t, 90);
	l->p99 = percentile(t, 99);
	l->max = percentile(t, 100);
}

void
tally_end(const struct tally *t, struct report *r, struct arena *a)
{
	r->all = t->all;
	end_classes(t, r, a);
	if (t->brief)
		return;
	r->first = t->first;
	r->last = t->last;
	end_groups(t->domains, &r->domains, a, larger_group);
	end_groups(t->relays, &r->relays, a, larger_group);
	end_groups(t->attempts, &r->attempts, a, lower_number);
	end_refusals(t, r, a);
	end_latency(t, &r->latency);
	time_series_end(t->series, &r->series, a);
}
