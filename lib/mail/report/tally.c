#include "mail/report/tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/num.h"
#include "mail/report/time_series.h"
#include "mail/report/wait_times.h"

struct tally {
	bool brief;
	struct report_group all;
	struct map *classes;                     /* struct report_class */
	struct map *domains, *relays, *attempts; /* struct report_group */
	struct map *refusals;                    /* struct report_refusal */
	struct arena *arena;                     /* texts of refusals */
	struct buf key;
	int64_t first, last, next_first, next_last;
	long long reopened;
	struct time_series *series;
	struct wait_times *waits;
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
	t->waits = wait_times_new();
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
	wait_times_free(t->waits);
	buf_free(&t->key);
	free(t);
}

/* An absent text and an empty one make different keys. */
static void
add_key_part(struct buf *key, struct str s)
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
	report_group_add(map_put(m, name), state, 1);
}

static bool
is_refusal(enum report_state state)
{
	return state == REPORT_FAILED || state == REPORT_DEFERRED ||
	       state == REPORT_IN_DOUBT;
}

static struct str
copy_text(struct arena *a, struct str s)
{
	if (s.n == 0)
		return (struct str){0};
	return arena_str(a, s);
}

static void
count_refusal(struct tally *t, const struct report_row *row)
{
	struct report_refusal *r;

	buf_reset(&t->key);
	buf_addc(&t->key, (char)('0' + (int)row->state));
	buf_printf(&t->key, "%d", row->code);
	buf_addc(&t->key, '\0');
	add_key_part(&t->key, row->class);
	add_key_part(&t->key, row->enhanced);
	r = map_put(t->refusals, buf_str(&t->key));
	if (r->count++ > 0)
		return;
	r->state = row->state;
	r->code = row->code;
	r->class = copy_text(t->arena, row->class);
	r->enhanced = copy_text(t->arena, row->enhanced);
	r->reply = copy_text(t->arena, row->reply);
}

static void
count_next_try(struct tally *t, int64_t at)
{
	if (at <= 0)
		return;
	if (t->next_first == 0 || at < t->next_first)
		t->next_first = at;
	if (at > t->next_last)
		t->next_last = at;
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

	report_group_add(&t->all, row->state, row->count);
	count_class(t, row);
	if (t->brief)
		return;
	t->reopened += row->reopened;
	snprintf(attempt, sizeof(attempt), "%lld", row->attempt);
	count_group(t->attempts, str_of(attempt), row->state);
	count_group(t->domains, str_behind(row->key, '@'), row->state);
	count_group(t->relays, row->relay, row->state);
	if (is_refusal(row->state))
		count_refusal(t, row);
	if (row->state != REPORT_CLAIMED)
		count_time(t, row);
	if (row->state == REPORT_DEFERRED)
		count_next_try(t, row->next_try);
	if (row->state == REPORT_SENT)
		wait_times_add(t->waits, row->ms);
}

static int
compare_groups(const void *pa, const void *pb)
{
	const struct report_group *a = pa, *b = pb;

	if (a->total != b->total)
		return a->total < b->total ? 1 : -1;
	return str_order(a->name, b->name);
}

static int
compare_attempts(const void *pa, const void *pb)
{
	long long a = atoll(((const struct report_group *)pa)->name.p);
	long long b = atoll(((const struct report_group *)pb)->name.p);

	return (a > b) - (a < b);
}

static int
compare_classes(const void *pa, const void *pb)
{
	const struct report_class *a = pa, *b = pb;

	if (a->state != b->state)
		return a->state < b->state ? -1 : 1;
	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return str_order(a->class, b->class);
}

static int
compare_refusals(const void *pa, const void *pb)
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
finish_groups(const struct map *m, struct report_groups *out, struct arena *a,
    int (*order)(const void *, const void *))
{
	out->count = map_count(m);
	out->items = arena_alloc(a, out->count * sizeof(*out->items));
	for (size_t i = 0; i < out->count; i++) {
		struct str name;

		out->items[i] = *(struct report_group *)map_item(m, i, &name);
		out->items[i].name = copy_text(a, name);
	}
	if (out->count > 0)
		qsort(out->items, out->count, sizeof(*out->items), order);
}

static void
finish_classes(const struct tally *t, struct report *r, struct arena *a)
{
	r->class_count = map_count(t->classes);
	r->classes = arena_alloc(a, r->class_count * sizeof(*r->classes));
	for (size_t i = 0; i < r->class_count; i++) {
		struct str key;

		r->classes[i] =
		    *(struct report_class *)map_item(t->classes, i, &key);
		r->classes[i].class =
		    copy_text(a, (struct str){key.p + 1, key.n - 1});
	}
	if (r->class_count > 0)
		qsort(r->classes, r->class_count, sizeof(*r->classes),
		    compare_classes);
}

static void
finish_refusals(const struct tally *t, struct report *r, struct arena *a)
{
	r->refusal_count = map_count(t->refusals);
	r->refusals = arena_alloc(a, r->refusal_count * sizeof(*r->refusals));
	for (size_t i = 0; i < r->refusal_count; i++) {
		struct report_refusal *to = &r->refusals[i];

		*to = *(struct report_refusal *)map_item(t->refusals, i, NULL);
		to->class = copy_text(a, to->class);
		to->enhanced = copy_text(a, to->enhanced);
		to->reply = copy_text(a, to->reply);
	}
	if (r->refusal_count > 0)
		qsort(r->refusals, r->refusal_count, sizeof(*r->refusals),
		    compare_refusals);
}

void
tally_finish(struct tally *t, struct report *r, struct arena *a)
{
	r->all = t->all;
	finish_classes(t, r, a);
	if (t->brief)
		return;
	r->first = t->first;
	r->last = t->last;
	r->next_first = t->next_first;
	r->next_last = t->next_last;
	r->reopened = t->reopened;
	finish_groups(t->domains, &r->domains, a, compare_groups);
	finish_groups(t->relays, &r->relays, a, compare_groups);
	finish_groups(t->attempts, &r->attempts, a, compare_attempts);
	finish_refusals(t, r, a);
	wait_times_finish(t->waits, &r->latency);
	time_series_finish(t->series, &r->series, a);
}
