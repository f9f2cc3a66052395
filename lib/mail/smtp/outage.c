#include "mail/smtp/outage.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LINE_MAX 80

static void
drop_mark(struct outage *o, size_t i)
{
	o->count--;
	memmove(
	    &o->list[i], &o->list[i + 1], (o->count - i) * sizeof(o->list[0]));
}

static void
append_mark(struct outage *o, struct outage_mark mark)
{
	for (size_t i = o->count; i > 0; i--) {
		const struct outage_mark *m = &o->list[i - 1];

		if (m->who == mark.who || m->at < mark.at - OUTAGE_SPAN_MS ||
		    m->at > mark.at + OUTAGE_SPAN_MS)
			drop_mark(o, i - 1);
	}
	if (o->count == OUTAGE_WINDOW)
		drop_mark(o, 0);
	o->list[o->count++] = mark;
	while (o->count > 0 && !o->list[0].dead)
		drop_mark(o, 0);
}

static size_t
count_run(const struct outage *o)
{
	size_t n = 0;

	while (n < o->count && o->list[o->count - 1 - n].dead)
		n++;
	return n;
}

static size_t
count_dead(const struct outage *o)
{
	size_t n = 0;

	for (size_t i = 0; i < o->count; i++)
		n += o->list[i].dead;
	return n;
}

/* When the count began: the first mark, by time, of the last n. */
static int64_t
find_first(const struct outage *o, size_t n)
{
	int64_t first = o->list[o->count - 1].at;

	for (size_t i = o->count - n; i < o->count; i++)
		first = o->list[i].at < first ? o->list[i].at : first;
	return first;
}

bool
outage_add(struct outage *o, const struct answer *a)
{
	bool dead = a->kind == ANSWER_NO_MAILBOX;
	size_t run;

	if (!dead && a->kind != ANSWER_TAKEN && a->kind != ANSWER_PERSONAL)
		return false;
	if (!dead && a->probe)
		*o = (struct outage){0};
	append_mark(o, (struct outage_mark){a->who, a->at, dead});
	if (!dead || o->since != 0)
		return dead;
	run = count_run(o);
	if (count_dead(o) * 100 > (size_t)OUTAGE_SHARE * OUTAGE_WINDOW)
		o->since = find_first(o, o->count);
	else if (run >= OUTAGE_RUN)
		o->since = find_first(o, run);
	return o->since != 0;
}

bool
outage_is_clean(const struct outage *o)
{
	return o->since == 0 && o->count == 0;
}

void
outage_put(struct buf *out, const struct outage *o)
{
	buf_printf(out, "%" PRId64 "\n", o->since);
	for (size_t i = 0; i < o->count; i++)
		buf_printf(out, "%d %016" PRIx64 " %" PRId64 "\n",
		    o->list[i].dead, o->list[i].who, o->list[i].at);
}

static bool
parse_line(struct str line, struct outage *o, bool head)
{
	struct outage_mark *m = &o->list[o->count];
	char text[LINE_MAX];
	int dead = 0, end = 0, n;

	if (line.n >= sizeof(text))
		return false;
	memcpy(text, line.p, line.n);
	text[line.n] = '\0';
	if (head)
		n = sscanf(text, "%" SCNd64 "%n", &o->since, &end) + 2;
	else
		n = sscanf(text, "%d %16" SCNx64 " %" SCNd64 "%n", &dead,
		    &m->who, &m->at, &end);
	m->dead = dead != 0;
	return n == 3 && (size_t)end == line.n;
}

void
outage_parse(struct outage *o, struct str text)
{
	struct str line;
	bool good;

	*o = (struct outage){0};
	good = str_line(&text, &line) && parse_line(line, o, true);
	while (good && o->count < OUTAGE_WINDOW && str_line(&text, &line)) {
		good = parse_line(line, o, false);
		o->count += good;
	}
	if (!good)
		*o = (struct outage){0};
}
