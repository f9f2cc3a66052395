#include "mail/record/outcome.h"

#include <string.h>

#include "base/json_put.h"
#include "base/utf8.h"
#include "mail/record/record.h"

#define REPLY_MAX 1000
#define OUTCOME_MAX 4096

static const char *const status_names[] = {
    [OUTCOME_SENT] = "sent",
    [OUTCOME_FAILED] = "failed",
    [OUTCOME_DEFERRED] = "deferred",
    [OUTCOME_SKIPPED] = "skipped",
    [OUTCOME_IN_DOUBT] = "in_doubt",
};

#define STATUS_COUNT (sizeof(status_names) / sizeof(status_names[0]))

const char *
outcome_status_name(enum outcome_status status)
{
	return status_names[status];
}

int
outcome_status_parse(struct str s)
{
	size_t i;

	for (i = 0; i < STATUS_COUNT; i++) {
		if (str_is(s, status_names[i]))
			return (int)i;
	}
	return -1;
}

/* Replies may have any bytes: each one that is not UTF-8 becomes U+FFFD. */
static void
add_clean(struct buf *b, struct str s)
{
	static const struct str replacement = {"\xef\xbf\xbd", 3};

	while (s.n > 0) {
		size_t good = utf8_valid(s.p, s.n);
		const char *nul = memchr(s.p, '\0', good);

		if (nul != NULL)
			good = (size_t)(nul - s.p);
		buf_add(b, s.p, good);
		if (good == s.n)
			return;
		buf_addstr(b, replacement);
		s = (struct str){s.p + good + 1, s.n - good - 1};
	}
}

static void
put_cut(struct buf *b, const char *name, struct str s, size_t max)
{
	struct buf clean = {0};
	struct str text;

	if (s.p == NULL || (s.n <= max && memchr(s.p, '\0', s.n) == NULL &&
			       utf8_valid(s.p, s.n) == s.n)) {
		json_put(b, name, s);
		return;
	}
	/* No character that begins before max ends after max + 4. */
	add_clean(&clean, (struct str){s.p, s.n < max + 4 ? s.n : max + 4});
	text = buf_str(&clean);
	text.n = utf8_cut(text, max);
	json_put(b, name, text);
	buf_free(&clean);
}

static void
put_count(struct buf *b, const char *name, long long value)
{
	if (value == 0)
		json_put_raw(b, name, STR("null"));
	else
		json_put_int(b, name, value);
}

/* Append o with strings cut at max bytes, the reply at reply_max. */
static void
put_within(struct buf *b, const struct outcome *o, size_t max, size_t reply_max)
{
	buf_addc(b, '{');
	put_cut(b, "email_id", o->email_id, max);
	put_cut(b, "course_id", o->course_id, max);
	if (o->user_number)
		record_put_user_id(b, o->user_id, true);
	else
		put_cut(b, "user_id", o->user_id, max);
	put_cut(b, "email", o->email, max);
	json_put(b, "status", str_of(status_names[o->status]));
	put_cut(b, "class", str_of(o->class), max);
	put_cut(b, "stage", str_of(o->stage), max);
	put_count(b, "code", o->code);
	put_cut(b, "enhanced", o->enhanced, max);
	put_cut(b, "reply", o->reply, reply_max);
	put_cut(b, "queue_id", o->queue_id, max);
	put_cut(b, "message_id", o->message_id, max);
	put_cut(b, "relay", o->relay, max);
	put_count(b, "attempt", o->attempt);
	json_put_int(b, "ms", o->ms);
	record_put_time(b, "at", o->at);
	record_put_time(b, "next_try", o->next_try);
	if (o->was.p != NULL)
		put_cut(b, "was", o->was, max);
	if (o->redirected_to.p != NULL)
		put_cut(b, "redirected_to", o->redirected_to, max);
	buf_adds(b, "}\n");
}

/* The reply is cut first: the recipient and the email id must stay whole. */
void
outcome_put(struct buf *b, const struct outcome *o)
{
	size_t start = b->len, reply_max = REPLY_MAX, max = OUTCOME_MAX;

	put_within(b, o, max, reply_max);
	while (b->len - start > OUTCOME_MAX) {
		if (reply_max > 0)
			reply_max /= 2;
		else
			max /= 2;
		b->len = start;
		put_within(b, o, max, reply_max);
	}
}
