#include "mail/report/report.h"

#include <string.h>

#include "base/json_put.h"
#include "base/num.h"

static const char *const names[REPORT_STATES] = {
    "sent", "failed", "deferred", "in_doubt", "skipped", "claimed"};

const char *
report_state_name(enum report_state state)
{
	return names[state];
}

int
report_state_parse(struct str s)
{
	for (int i = 0; i < REPORT_STATES; i++) {
		if (str_is(s, names[i]))
			return i;
	}
	return -1;
}

void
report_add(struct report_group *g, enum report_state state, long long n)
{
	g->by[state] += n;
	g->total += n;
}

long long
report_wait_limit(size_t interval)
{
	static const long long limits[REPORT_WAITS] = {
	    5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, -1};

	return limits[interval];
}

long long
report_missing(const struct report *r)
{
	long long missing =
	    r->planned + (r->unplanned > 0 ? r->unplanned : 0) - r->all.total;

	return missing > 0 ? missing : 0;
}

int
report_status(const struct report *r)
{
	const long long *by = r->all.by;

	if (r->all.total == 0 && r->planned != 0)
		return 75;
	if (by[REPORT_DEFERRED] + by[REPORT_CLAIMED] + report_missing(r) > 0)
		return 75;
	return by[REPORT_FAILED] + by[REPORT_IN_DOUBT] > 0 ? 1 : 0;
}

static void
put_time(struct buf *b, const char *name, int64_t ms)
{
	struct buf text = {0};

	if (ms == 0) {
		json_put(b, name, (struct str){0});
		return;
	}
	num_rfc3339(&text, ms);
	json_put(b, name, buf_str(&text));
	buf_free(&text);
}

static void
put_counts(struct buf *b, const struct report_group *g)
{
	json_put_int(b, "total", g->total);
	for (int i = 0; i < REPORT_STATES; i++)
		json_put_int(b, names[i], g->by[i]);
}

/* Before each element of an array but its first. */
static void
next(struct buf *b, size_t i)
{
	buf_adds(b, i > 0 ? ",{" : "{");
}

static void
put_groups(struct buf *b, const char *array, const char *member,
    const struct report_groups *groups)
{
	json_put_name(b, array);
	buf_addc(b, '[');
	for (size_t i = 0; i < groups->count; i++) {
		next(b, i);
		if (strcmp(member, "attempt") == 0)
			json_put_raw(b, member, groups->items[i].name);
		else
			json_put(b, member, groups->items[i].name);
		put_counts(b, &groups->items[i]);
		buf_addc(b, '}');
	}
	buf_addc(b, ']');
}

static void
put_classes(struct buf *b, const struct report *r)
{
	json_put_name(b, "classes");
	buf_addc(b, '[');
	for (size_t i = 0; i < r->class_count; i++) {
		next(b, i);
		json_put(b, "status", str_of(names[r->classes[i].state]));
		json_put(b, "class", r->classes[i].class);
		json_put_int(b, "count", r->classes[i].count);
		buf_addc(b, '}');
	}
	buf_addc(b, ']');
}

static void
put_refusals(struct buf *b, const struct report *r)
{
	json_put_name(b, "refusals");
	buf_addc(b, '[');
	for (size_t i = 0; i < r->refusal_count; i++) {
		const struct report_refusal *refusal = &r->refusals[i];

		next(b, i);
		json_put(b, "status", str_of(names[refusal->state]));
		json_put(b, "class", refusal->class);
		if (refusal->code != 0)
			json_put_int(b, "code", refusal->code);
		else
			json_put_raw(b, "code", STR("null"));
		json_put(b, "enhanced", refusal->enhanced);
		json_put(b, "reply", refusal->reply);
		json_put_int(b, "count", refusal->count);
		buf_addc(b, '}');
	}
	buf_addc(b, ']');
}

static void
put_series(struct buf *b, const struct report_series *s)
{
	json_put_name(b, "series");
	buf_addc(b, '[');
	for (size_t i = 0; i < s->count; i++) {
		next(b, i);
		put_time(b, "from", s->start + (int64_t)i * s->width);
		json_put_int(b, "seconds", s->width / 1000);
		put_counts(b, &s->items[i]);
		buf_addc(b, '}');
	}
	buf_addc(b, ']');
}

static void
put_latency(struct buf *b, const struct report_latency *l)
{
	json_put_name(b, "latency");
	if (l->count == 0) {
		buf_adds(b, "null");
		return;
	}
	buf_addc(b, '{');
	json_put_int(b, "count", l->count);
	json_put_int(b, "mean", l->mean);
	json_put_int(b, "p50", l->p50);
	json_put_int(b, "p90", l->p90);
	json_put_int(b, "p99", l->p99);
	json_put_int(b, "max", l->max);
	json_put_name(b, "histogram");
	buf_addc(b, '[');
	for (size_t i = 0; i < REPORT_WAITS; i++) {
		next(b, i);
		if (report_wait_limit(i) >= 0)
			json_put_int(b, "below", report_wait_limit(i));
		else
			json_put_raw(b, "below", STR("null"));
		json_put_int(b, "count", l->waits[i]);
		buf_addc(b, '}');
	}
	buf_adds(b, "]}");
}

/* Numbers below 0 are not known. */
static void
put_known(struct buf *b, const char *name, long long n)
{
	if (n >= 0)
		json_put_int(b, name, n);
	else
		json_put_raw(b, name, STR("null"));
}

static void
put_planned(struct buf *b, const struct report *r)
{
	put_known(b, "planned", r->planned);
	put_known(b, "unplanned", r->planned < 0 ? -1 : r->unplanned);
	put_known(b, "not_started", r->planned < 0 ? -1 : report_missing(r));
}

static void
put_mailing(struct buf *b, const struct report *r)
{
	json_put(b, "email_id", r->id);
	json_put(b, "course_id", r->course_id);
	json_put(b, "subject", r->subject);
	json_put(b, "content", r->content);
	json_put(b, "state", r->state);
	put_time(b, "created", r->created);
}

void
report_json_brief(struct buf *b, const struct report *r)
{
	buf_addc(b, '{');
	put_mailing(b, r);
	put_counts(b, &r->all);
	buf_adds(b, "}\n");
}

void
report_json(struct buf *b, const struct report *r)
{
	buf_addc(b, '{');
	put_mailing(b, r);
	put_time(b, "first", r->first);
	put_time(b, "last", r->last);
	put_planned(b, r);
	put_counts(b, &r->all);
	json_put_int(b, "optouts", r->optouts);
	put_classes(b, r);
	put_groups(b, "domains", "domain", &r->domains);
	put_groups(b, "relays", "relay", &r->relays);
	put_groups(b, "attempts", "attempt", &r->attempts);
	put_refusals(b, r);
	put_latency(b, &r->latency);
	put_series(b, &r->series);
	buf_adds(b, "}\n");
}
