#include "mail/smtp/breaker.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MINUTE_MS INT64_C(60000)
#define FOR_GOOD_MS (24 * 60 * MINUTE_MS) /* a person has to look */
#define AGAIN_MS (5 * MINUTE_MS)          /* after 4xx; doubles */
#define AGAIN_MAX_MS (60 * MINUTE_MS)
#define HEAD_MAX 80

static void
drop_entry(struct breaker *b, size_t i)
{
	b->count--;
	memmove(
	    &b->list[i], &b->list[i + 1], (b->count - i) * sizeof(b->list[0]));
}

/* A clock that was set back or forth makes answers old as well. */
static bool
is_old(const struct answer *a, int64_t now)
{
	return a->at < now - BREAKER_SPAN_MS || a->at > now + BREAKER_SPAN_MS;
}

static bool
is_refusal(const struct answer *a)
{
	return a->kind >= ANSWER_PERSONAL;
}

/*
 * Each person has one place, that of the latest answer. What comes before the
 * first refusal tells nothing.
 */
static void
append_answer(struct breaker *b, const struct answer *a)
{
	for (size_t i = b->count; i > 0; i--) {
		if (is_old(&b->list[i - 1], a->at) ||
		    b->list[i - 1].who == a->who)
			drop_entry(b, i - 1);
	}
	if (b->count == BREAKER_WINDOW)
		drop_entry(b, 0);
	b->list[b->count++] = *a;
	while (b->count > 0 && !is_refusal(&b->list[0]))
		drop_entry(b, 0);
}

static bool
is_equal(const struct answer *a, const struct answer *b)
{
	if (!is_refusal(b) || a->print != b->print)
		return false;
	return a->kind != ANSWER_GREY || a->domain == b->domain;
}

static size_t
count_run(const struct breaker *b)
{
	const struct answer *last = &b->list[b->count - 1];
	size_t i, n = 0;

	for (i = b->count; i > 0; i--) {
		const struct answer *a = &b->list[i - 1];

		if (a->kind == ANSWER_NO_MAILBOX)
			continue;
		if (!is_equal(last, a))
			break;
		n++;
	}
	return n;
}

static size_t
count_share(const struct breaker *b)
{
	const struct answer *last = &b->list[b->count - 1];
	size_t i, n = 0;

	if (last->kind != ANSWER_REFUSED)
		return 0;
	for (i = 0; i < b->count; i++)
		n += is_equal(last, &b->list[i]);
	return n;
}

static int64_t
choose_wait(const struct answer *a, int level)
{
	int64_t ms = AGAIN_MS;

	if (!a->again)
		return FOR_GOOD_MS;
	while (level-- > 0 && ms < AGAIN_MAX_MS)
		ms *= 2;
	return ms < AGAIN_MAX_MS ? ms : AGAIN_MAX_MS;
}

static void
open_for(struct breaker *b, const struct answer *a)
{
	b->open = a->print;
	b->again = a->again;
	b->since = a->at - BREAKER_SPAN_MS;
	b->until = a->at + choose_wait(a, b->level++);
}

/* A time far ahead is that of another clock. */
static bool
is_over(const struct breaker *b, int64_t now)
{
	return now >= b->until || b->until > now + FOR_GOOD_MS;
}

bool
breaker_is_open(const struct breaker *b, uint64_t print, int64_t now)
{
	return b->open != 0 && b->open == print && !is_over(b, now);
}

void
breaker_half_open(struct breaker *b, int64_t now)
{
	if (b->open != 0 && !is_over(b, now))
		b->until = now;
}

bool
breaker_add(struct breaker *b, const struct answer *a)
{
	if (a->kind == ANSWER_NONE)
		return false;
	if (b->open != 0 && a->kind == ANSWER_TAKEN && is_over(b, a->at))
		*b = (struct breaker){0};
	append_answer(b, a);
	if (!is_refusal(a))
		return false;
	if (breaker_is_open(b, a->print, a->at))
		return true;
	if (b->open != a->print && count_run(b) < BREAKER_RUN &&
	    count_share(b) * 100 < (size_t)BREAKER_SHARE * BREAKER_WINDOW)
		return false;
	open_for(b, a);
	return true;
}

bool
breaker_is_clean(const struct breaker *b)
{
	return b->open == 0 && b->count == 0;
}

void
breaker_put(struct buf *out, const struct breaker *b)
{
	buf_printf(out, "%016" PRIx64 " %d %d %" PRId64 " %" PRId64 "\n",
	    b->open, b->again, b->level, b->since, b->until);
	for (size_t i = 0; i < b->count; i++) {
		answer_put(out, &b->list[i]);
		buf_addc(out, '\n');
	}
}

static bool
parse_head(struct breaker *b, struct str line)
{
	char text[HEAD_MAX];
	int again, end = 0;

	if (line.n >= sizeof(text))
		return false;
	memcpy(text, line.p, line.n);
	text[line.n] = '\0';
	if (sscanf(text, "%16" SCNx64 " %d %d %" SCNd64 " %" SCNd64 "%n",
		&b->open, &again, &b->level, &b->since, &b->until, &end) != 5)
		return false;
	b->again = again != 0;
	return (size_t)end == line.n && b->level >= 0;
}

void
breaker_parse(struct breaker *b, struct str text)
{
	struct str line;
	bool good;

	*b = (struct breaker){0};
	good = str_line(&text, &line) && parse_head(b, line);
	while (good && b->count < BREAKER_WINDOW && str_line(&text, &line)) {
		good = answer_parse(&b->list[b->count], line);
		b->count += good;
	}
	if (!good)
		*b = (struct breaker){0};
}
