#include "mail/report/report_json.h"

#include <string.h>

#include "base/json_put.h"
#include "base/num.h"
#include "mail/report/report_bounces.h"

void
report_json_time(struct buf *b, const char *name, int64_t ms)
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
add_json_counts(struct buf *b, const struct report_group *g)
{
	json_put_int(b, "total", g->total);
	for (int i = 0; i < REPORT_STATES; i++)
		json_put_int(
		    b, report_state_name((enum report_state)i), g->by[i]);
}

/* Open the object of array element i. */
static void
open_element(struct buf *b, size_t i)
{
	buf_adds(b, i > 0 ? ",{" : "{");
}

static void
add_json_groups(struct buf *b, const char *array, const char *member,
    const struct report_groups *groups)
{
	json_put_name(b, array);
	buf_addc(b, '[');
	for (size_t i = 0; i < groups->count; i++) {
		open_element(b, i);
		if (strcmp(member, "attempt") == 0)
			json_put_raw(b, member, groups->items[i].name);
		else
			json_put(b, member, groups->items[i].name);
		add_json_counts(b, &groups->items[i]);
		buf_addc(b, '}');
	}
	buf_addc(b, ']');
}

static void
add_json_classes(struct buf *b, const struct report *r)
{
	json_put_name(b, "classes");
	buf_addc(b, '[');
	for (size_t i = 0; i < r->class_count; i++) {
		open_element(b, i);
		json_put(b, "status",
		    str_of(report_state_name(r->classes[i].state)));
		json_put(b, "class", r->classes[i].class);
		json_put_int(b, "count", r->classes[i].count);
		buf_addc(b, '}');
	}
	buf_addc(b, ']');
}

static void
add_json_refusals(struct buf *b, const struct report *r)
{
	json_put_name(b, "refusals");
	buf_addc(b, '[');
	for (size_t i = 0; i < r->refusal_count; i++) {
		const struct report_refusal *refusal = &r->refusals[i];

		open_element(b, i);
		json_put(
		    b, "status", str_of(report_state_name(refusal->state)));
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
add_json_series(struct buf *b, const struct report_series *s)
{
	json_put_name(b, "series");
	buf_addc(b, '[');
	for (size_t i = 0; i < s->count; i++) {
		open_element(b, i);
		report_json_time(b, "from", s->start + (int64_t)i * s->width);
		json_put_int(b, "seconds", s->width / 1000);
		add_json_counts(b, &s->items[i]);
		buf_addc(b, '}');
	}
	buf_addc(b, ']');
}

static void
add_json_latency(struct buf *b, const struct report_latency *l)
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
	for (size_t i = 0; i < REPORT_LATENCY_INTERVALS; i++) {
		open_element(b, i);
		if (report_latency_limit(i) >= 0)
			json_put_int(b, "below", report_latency_limit(i));
		else
			json_put_raw(b, "below", STR("null"));
		json_put_int(b, "count", l->intervals[i]);
		buf_addc(b, '}');
	}
	buf_adds(b, "]}");
}

/* Negative: not known, null. */
static void
add_json_known(struct buf *b, const char *name, long long n)
{
	if (n >= 0)
		json_put_int(b, name, n);
	else
		json_put_raw(b, name, STR("null"));
}

static void
add_json_planned(struct buf *b, const struct report *r)
{
	json_put(b, "approved_by", r->approved_by);
	report_json_time(b, "approved_at", r->approved_at);
	add_json_known(b, "planned", r->planned);
	add_json_known(b, "unplanned", r->planned < 0 ? -1 : r->unplanned);
	add_json_known(
	    b, "not_started", r->planned < 0 ? -1 : report_missing(r));
}

static void
add_json_mailing(struct buf *b, const struct report *r)
{
	json_put(b, "email_id", r->id);
	json_put(b, "course_id", r->course_id);
	json_put(b, "subject", r->subject);
	json_put(b, "content", r->content);
	json_put(b, "state", r->state);
	json_put_raw(b, "uncertain", r->uncertain ? STR("true") : STR("false"));
	report_json_time(b, "created", r->created);
}

void
report_json_brief(struct buf *b, const struct report *r)
{
	buf_addc(b, '{');
	add_json_mailing(b, r);
	add_json_counts(b, &r->all);
	report_bounces_json(b, r);
	buf_adds(b, "}\n");
}

void
report_json(struct buf *b, const struct report *r)
{
	buf_addc(b, '{');
	add_json_mailing(b, r);
	report_json_time(b, "first", r->first);
	report_json_time(b, "last", r->last);
	report_json_time(b, "next_try", r->next_first);
	report_json_time(b, "next_try_last", r->next_last);
	add_json_planned(b, r);
	add_json_counts(b, &r->all);
	report_bounces_json(b, r);
	json_put_int(b, "optouts", r->optouts);
	json_put_int(b, "reopened", r->reopened);
	add_json_classes(b, r);
	add_json_groups(b, "domains", "domain", &r->domains);
	add_json_groups(b, "relays", "relay", &r->relays);
	add_json_groups(b, "attempts", "attempt", &r->attempts);
	add_json_refusals(b, r);
	add_json_latency(b, &r->latency);
	add_json_series(b, &r->series);
	buf_adds(b, "}\n");
}
