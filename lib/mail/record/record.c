#include "mail/record/record.h"

#include <string.h>

#include "base/ascii.h"
#include "base/json.h"
#include "base/json_get.h"
#include "base/json_put.h"
#include "base/num.h"
#include "base/utf8.h"

#define EMAIL_ID_MAX 64
#define COURSE_ID_MAX 255
#define USER_ID_MAX 255
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
record_status_name(enum outcome_status status)
{
	return status_names[status];
}

int
record_status_parse(struct str s)
{
	size_t i;

	for (i = 0; i < STATUS_COUNT; i++) {
		if (str_is(s, status_names[i]))
			return (int)i;
	}
	return -1;
}

static bool
is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

static bool
has_control(struct str s)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (is_control(s.p[i]))
			return true;
	}
	return false;
}

static bool
is_id_char(char c)
{
	return ascii_is_alnum(c) || c == '.' || c == '_' || c == '-';
}

int
record_check_email_id(struct str id, struct fail *f)
{
	size_t i;

	if (id.n == 0)
		return fail_data(f, "the email id is empty");
	if (id.n > EMAIL_ID_MAX)
		return fail_data(f, "the email id is longer than %d characters",
		    EMAIL_ID_MAX);
	if (id.p[0] == '.' || id.p[0] == '-')
		return fail_data(f, "the email id begins with '%c'", id.p[0]);
	for (i = 0; i < id.n; i++) {
		if (!is_id_char(id.p[i]))
			return fail_data(f,
			    "the email id has a character other than letters, "
			    "digits, '.', '_' and '-'");
	}
	return 0;
}

int
record_check_course_id(struct str id, struct fail *f)
{
	if (id.n == 0)
		return fail_data(f, "the course id is empty");
	if (id.n > COURSE_ID_MAX)
		return fail_data(
		    f, "the course id is longer than %d bytes", COURSE_ID_MAX);
	if (has_control(id))
		return fail_data(f, "the course id has a control character");
	return 0;
}

static int
check_user_id(struct str id, struct fail *f)
{
	if (id.n > USER_ID_MAX)
		return fail_data(
		    f, "\"user_id\" is longer than %d bytes", USER_ID_MAX);
	if (has_control(id))
		return fail_data(f, "\"user_id\" has a control character");
	return 0;
}

/* A member that is null counts as absent. */
static int
get_string(struct str *out, const struct json_object *o, const char *name,
    struct arena *a, struct fail *f)
{
	const struct json_value *v = json_get(o, name);

	*out = (struct str){0};
	if (v == NULL || v->type == JSON_NULL)
		return 0;
	if (v->type != JSON_STRING)
		return fail_data(f, "\"%s\" is not a string", name);
	*out = json_get_decoded(*v, a);
	return 0;
}

static int
need_string(struct str *out, const struct json_object *o, const char *name,
    struct arena *a, struct fail *f)
{
	if (get_string(out, o, name, a, f) != 0)
		return -1;
	if (out->p == NULL)
		return fail_data(f, "\"%s\" is missing", name);
	if (out->n == 0)
		return fail_data(f, "\"%s\" is empty", name);
	return 0;
}

static bool
is_integer(struct str raw)
{
	size_t i = raw.n > 1 && raw.p[0] == '-' ? 1 : 0;

	for (; i < raw.n; i++) {
		if (raw.p[i] < '0' || raw.p[i] > '9')
			return false;
	}
	return true;
}

static int
get_user_id(struct str *out, const struct json_object *o, struct arena *a,
    struct fail *f)
{
	const struct json_value *v = json_get(o, "user_id");

	*out = (struct str){0};
	if (v == NULL || v->type == JSON_NULL)
		return 0;
	if (v->type == JSON_STRING)
		*out = json_get_decoded(*v, a);
	else if (v->type == JSON_NUMBER && is_integer(v->raw))
		*out = v->raw;
	else
		return fail_data(f, "\"user_id\" is no string or integer");
	if (out->n == 0)
		*out = (struct str){0};
	return check_user_id(*out, f);
}

int
record_recipient(
    struct recipient *r, struct str line, struct arena *a, struct fail *f)
{
	const struct json_object *o = &r->all;

	*r = (struct recipient){0};
	if (json_parse(&r->all, line, a, f) != 0)
		return -1;
	if (need_string(&r->email, o, "email", a, f) != 0 ||
	    get_string(&r->name, o, "name", a, f) != 0 ||
	    get_user_id(&r->user_id, o, a, f) != 0 ||
	    get_string(&r->username, o, "username", a, f) != 0 ||
	    get_string(&r->course_id, o, "course_id", a, f) != 0 ||
	    get_string(&r->course_title, o, "course_title", a, f) != 0 ||
	    get_string(&r->course_url, o, "course_url", a, f) != 0 ||
	    get_string(&r->why, o, "why", a, f) != 0)
		return -1;
	if (r->course_id.p != NULL)
		return record_check_course_id(r->course_id, f);
	return 0;
}

/* Bare CR or LF would let a body end early on some server (RFC 5321 2.3.8). */
static int
check_line_ends(struct str m, struct fail *f)
{
	const char *p = m.p, *end = m.p + m.n, *q;

	while ((q = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		const char *cr = memchr(p, '\r', (size_t)(q - p));

		if (cr != q - 1)
			return fail_data(f, "\"message\" has a bare %s",
			    cr == NULL ? "LF" : "CR");
		p = q + 1;
	}
	if (p != end)
		return fail_data(f, "\"message\" does not end with CRLF");
	return 0;
}

static int
check_content(struct str hex, struct fail *f)
{
	size_t i;

	for (i = 0; i < hex.n; i++) {
		if (strchr("0123456789abcdef", hex.p[i]) == NULL)
			break;
	}
	if (hex.n != 64 || i != hex.n)
		return fail_data(
		    f, "\"content\" is no SHA-256 in lower-case hexadecimal");
	return 0;
}

static int
get_expires(
    int64_t *ms, const struct json_object *o, struct arena *a, struct fail *f)
{
	struct str s;

	*ms = 0;
	if (get_string(&s, o, "expires", a, f) != 0)
		return -1;
	if (s.p != NULL && num_parse_time(s, ms, f) != 0)
		return fail_prefix(f, "\"expires\"");
	return 0;
}

int
record_message(
    struct message *m, struct str line, struct arena *a, struct fail *f)
{
	struct json_object all, *o = &all;

	*m = (struct message){0};
	if (json_parse(o, line, a, f) != 0)
		return -1;
	if (need_string(&m->email_id, o, "email_id", a, f) != 0 ||
	    need_string(&m->course_id, o, "course_id", a, f) != 0 ||
	    get_user_id(&m->user_id, o, a, f) != 0 ||
	    need_string(&m->email, o, "email", a, f) != 0 ||
	    get_string(&m->sender, o, "sender", a, f) != 0 ||
	    need_string(&m->content, o, "content", a, f) != 0 ||
	    get_string(&m->subject, o, "subject", a, f) != 0 ||
	    get_expires(&m->expires, o, a, f) != 0 ||
	    need_string(&m->message, o, "message", a, f) != 0)
		return -1;
	if (record_check_email_id(m->email_id, f) != 0 ||
	    record_check_course_id(m->course_id, f) != 0 ||
	    check_content(m->content, f) != 0)
		return -1;
	return check_line_ends(m->message, f);
}

static void
put_time(struct buf *b, const char *name, int64_t ms)
{
	json_put_name(b, name);
	if (ms == 0) {
		buf_adds(b, "null");
		return;
	}
	buf_addc(b, '"');
	num_rfc3339(b, ms);
	buf_addc(b, '"');
}

void
record_put_message(struct buf *b, const struct message *m)
{
	buf_addc(b, '{');
	json_put(b, "email_id", m->email_id);
	json_put(b, "course_id", m->course_id);
	json_put(b, "user_id", m->user_id);
	json_put(b, "email", m->email);
	json_put(b, "sender", m->sender);
	json_put(b, "content", m->content);
	if (m->subject.p != NULL)
		json_put(b, "subject", m->subject);
	if (m->expires != 0)
		put_time(b, "expires", m->expires);
	json_put(b, "message", m->message);
	buf_adds(b, "}\n");
}

/* Replies come from the network: any bytes; JSON takes only valid UTF-8. */
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
	/* A character that begins within max ends within max + 4. */
	add_clean(&clean, (struct str){s.p, s.n < max + 4 ? s.n : max + 4});
	text = buf_str(&clean);
	text.n = utf8_cut(text, max);
	json_put(b, name, text);
	buf_free(&clean);
}

static void
put_number(struct buf *b, const char *name, long long value)
{
	if (value == 0)
		json_put_raw(b, name, STR("null"));
	else
		json_put_int(b, name, value);
}

/* Strings are cut at max bytes, the reply at reply_max. */
static void
put_outcome(
    struct buf *b, const struct outcome *o, size_t max, size_t reply_max)
{
	buf_addc(b, '{');
	put_cut(b, "email_id", o->email_id, max);
	put_cut(b, "course_id", o->course_id, max);
	put_cut(b, "user_id", o->user_id, max);
	put_cut(b, "email", o->email, max);
	json_put(b, "status", str_of(status_names[o->status]));
	put_cut(b, "class", str_of(o->class), max);
	put_cut(b, "stage", str_of(o->stage), max);
	put_number(b, "code", o->code);
	put_cut(b, "enhanced", o->enhanced, max);
	put_cut(b, "reply", o->reply, reply_max);
	put_cut(b, "queue_id", o->queue_id, max);
	put_cut(b, "message_id", o->message_id, max);
	put_cut(b, "relay", o->relay, max);
	put_number(b, "attempt", o->attempt);
	json_put_int(b, "ms", o->ms);
	put_time(b, "at", o->at);
	put_time(b, "next_try", o->next_try);
	if (o->was.p != NULL)
		put_cut(b, "was", o->was, max);
	buf_adds(b, "}\n");
}

/* The reply gives way first: who it is about must stay whole. */
void
record_put_outcome(struct buf *b, const struct outcome *o)
{
	size_t start = b->len, reply_max = REPLY_MAX, max = OUTCOME_MAX;

	put_outcome(b, o, max, reply_max);
	while (b->len - start > OUTCOME_MAX) {
		if (reply_max > 0)
			reply_max /= 2;
		else
			max /= 2;
		b->len = start;
		put_outcome(b, o, max, reply_max);
	}
}
