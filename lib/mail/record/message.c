#include "mail/record/message.h"

#include <string.h>

#include "base/crypto.h"
#include "base/json_get.h"
#include "base/json_put.h"
#include "base/num.h"
#include "mail/record/record.h"

#define LINE_MAX_BYTES 998 /* without CRLF: RFC 5322, 2.1.1 */

/* On some servers a bare CR or LF ends the body early (RFC 5321 2.3.8). */
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

/* A server may cut a longer line, break it, or refuse it for everybody. */
static int
check_line_lengths(struct str m, struct fail *f)
{
	struct str line;

	while (str_line(&m, &line)) {
		if (line.n > LINE_MAX_BYTES + 1)
			return fail_data(f,
			    "\"message\" has a line of %zu bytes, %d allowed",
			    line.n - 1, LINE_MAX_BYTES);
	}
	return 0;
}

/* A relay would make a header of its own, or show the body's words as one. */
static int
check_header(struct str m, struct fail *f)
{
	size_t n = 0;

	while (n < m.n && m.p[n] > ' ' && m.p[n] < 0x7f && m.p[n] != ':')
		n++;
	if (n == 0 || n == m.n || m.p[n] != ':')
		return fail_data(
		    f, "\"message\" does not begin with a header field");
	return 0;
}

static int
check_content(struct str hex, struct fail *f)
{
	if (!crypto_is_hex(hex, CRYPTO_SHA256))
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
	if (record_get_string(&s, o, "expires", a, f) < 0)
		return -1;
	if (s.p != NULL && num_parse_time(s, ms, f) < 0)
		return fail_prefix(f, "\"expires\"");
	return 0;
}

static int
get_flag(
    bool *flag, const struct json_object *o, const char *name, struct fail *f)
{
	const struct json_value *v = json_get(o, name);

	*flag = v != NULL && v->type == JSON_TRUE;
	if (v != NULL && v->type > JSON_TRUE)
		return fail_data(f, "\"%s\" is neither true nor false", name);
	return 0;
}

int
message_text(struct str *text, const struct json_object *o, struct arena *a,
    struct fail *f)
{
	if (record_need_string(text, o, "message", a, f) < 0)
		return -1;
	return check_line_ends(*text, f);
}

int
message_parse(
    struct message *m, struct str line, struct arena *a, struct fail *f)
{
	struct json_object all, *o = &all;

	*m = (struct message){0};
	if (json_parse(o, line, a, f) < 0)
		return -1;
	if (record_need_string(&m->email_id, o, "email_id", a, f) < 0 ||
	    record_need_string(&m->course_id, o, "course_id", a, f) < 0 ||
	    record_get_user_id(&m->user_id, o, a, f) < 0 ||
	    record_need_string(&m->email, o, "email", a, f) < 0 ||
	    record_get_string(&m->sender, o, "sender", a, f) < 0 ||
	    record_need_string(&m->content, o, "content", a, f) < 0 ||
	    record_get_string(&m->subject, o, "subject", a, f) < 0 ||
	    get_expires(&m->expires, o, a, f) < 0 ||
	    get_flag(&m->test, o, "test", f) < 0 ||
	    get_flag(&m->include_suppressed, o, "include_suppressed", f) < 0)
		return -1;
	m->user_number = record_user_id_is_number(o);
	if (record_check_email_id(m->email_id, f) < 0 ||
	    record_check_course_id(m->course_id, f) < 0 ||
	    check_content(m->content, f) < 0)
		return -1;
	if (message_text(&m->message, o, a, f) < 0 ||
	    check_header(m->message, f) < 0)
		return -1;
	return check_line_lengths(m->message, f);
}

void
message_identify(struct message *m, struct str line, struct arena *a)
{
	const struct str none = {0};
	struct json_object o;
	struct fail ignored;

	*m = (struct message){0};
	if (json_parse(&o, line, a, &ignored) < 0)
		return;
	if (record_need_string(&m->email_id, &o, "email_id", a, &ignored) < 0 ||
	    record_check_email_id(m->email_id, &ignored) < 0)
		m->email_id = none;
	if (record_need_string(&m->course_id, &o, "course_id", a, &ignored) <
		0 ||
	    record_check_course_id(m->course_id, &ignored) < 0)
		m->course_id = none;
	if (record_need_string(&m->email, &o, "email", a, &ignored) < 0)
		m->email = none;
	if (record_get_user_id(&m->user_id, &o, a, &ignored) < 0)
		m->user_id = none;
	m->user_number = m->user_id.p != NULL && record_user_id_is_number(&o);
}

void
message_put(struct buf *b, const struct message *m)
{
	buf_addc(b, '{');
	json_put(b, "email_id", m->email_id);
	json_put(b, "course_id", m->course_id);
	record_put_user_id(b, m->user_id, m->user_number);
	json_put(b, "email", m->email);
	json_put(b, "sender", m->sender);
	json_put(b, "content", m->content);
	if (m->subject.p != NULL)
		json_put(b, "subject", m->subject);
	if (m->expires != 0)
		record_put_time(b, "expires", m->expires);
	if (m->test)
		json_put_raw(b, "test", STR("true"));
	if (m->include_suppressed)
		json_put_raw(b, "include_suppressed", STR("true"));
	json_put(b, "message", m->message);
	buf_adds(b, "}\n");
}
