#include "mail/smtp/reply.h"

#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/harmless.h"
#include "base/utf8.h"

#define LINE_KEPT (REPLY_TEXT + 16)
#define BYTES_MAX (1024 * 1024) /* of all lines of a reply */

const char *
reply_stage_name(enum reply_stage stage)
{
	static const char *const names[] = {"none", "connect", "greeting",
	    "ehlo", "tls", "auth", "mail", "rcpt", "data", "body", "dot"};

	return names[stage];
}

/* Length of "D.D{1,3}.D{1,3}" at the front, before a blank or the end; or 0. */
static size_t
enhanced_length(struct str s)
{
	size_t i = 1, part, digits;

	if (s.n < 5 || (s.p[0] != '2' && s.p[0] != '4' && s.p[0] != '5'))
		return 0;
	for (part = 0; part < 2; part++) {
		if (i >= s.n || s.p[i++] != '.')
			return 0;
		for (digits = 0; i < s.n && ascii_is_digit(s.p[i]); digits++)
			i++;
		if (digits < 1 || digits > 3)
			return 0;
	}
	return i == s.n || s.p[i] == ' ' || s.p[i] == '\t' ? i : 0;
}

static void
add_text(struct reply_reader *r, struct str s)
{
	size_t n = enhanced_length(s);

	if (n > 0) {
		if (r->reply.enhanced[0] == '\0') {
			memcpy(r->reply.enhanced, s.p, n);
			r->reply.enhanced[n] = '\0';
		}
		s = (struct str){s.p + n, s.n - n};
	}
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = (struct str){s.p + 1, s.n - 1};
	if (s.n == 0 || r->text.len > REPLY_TEXT)
		return;
	if (r->text.len > 0)
		buf_addc(&r->text, ' ');
	buf_addstr(&r->text, s);
}

/* A reply is shown on terminals and in spreadsheets: no control characters. */
static void
clean_text(struct buf *b)
{
	for (size_t i = 0; i < b->len; i++) {
		if (b->p[i] == '\t')
			b->p[i] = ' ';
	}
	b->len = harmless_text(b->p, b->len);
}

static void
finish_reply(struct reply_reader *r)
{
	size_t n;

	clean_text(&r->text);
	n = utf8_cut(buf_str(&r->text), REPLY_TEXT);
	if (n > 0)
		memcpy(r->reply.text, r->text.p, n);
	r->reply.text[n] = '\0';
	buf_reset(&r->text);
	r->bytes = 0;
}

/* Parse one line, without its LF. */
static enum reply_result
parse_reply_line(struct reply_reader *r, struct str s)
{
	int code;

	if (s.n > 0 && s.p[s.n - 1] == '\r')
		s.n--;
	if (s.n < 3 || s.p[0] < '2' || s.p[0] > '5' ||
	    !ascii_is_digit(s.p[1]) || !ascii_is_digit(s.p[2]))
		return REPLY_GARBAGE;
	if (s.n > 3 && s.p[3] != ' ' && s.p[3] != '-')
		return REPLY_GARBAGE;
	code = (s.p[0] - '0') * 100 + (s.p[1] - '0') * 10 + (s.p[2] - '0');
	r->reply.code = code;
	if (s.n > 4)
		add_text(r, (struct str){s.p + 4, s.n - 4});
	if (s.n > 3 && s.p[3] == '-')
		return REPLY_MORE;
	finish_reply(r);
	return REPLY_WHOLE;
}

/* Append to the line up to LINE_KEPT bytes; the rest is dropped. */
static void
add_front(struct buf *line, const char *p, size_t n)
{
	size_t room = line->len < LINE_KEPT ? LINE_KEPT - line->len : 0;

	buf_add(line, p, n < room ? n : room);
}

enum reply_result
reply_read(struct reply_reader *r, struct str *in)
{
	enum reply_result result = REPLY_MORE;
	const char *end;
	size_t n;

	if (r->bytes == 0)
		r->reply = (struct reply){0};
	while (result == REPLY_MORE && in->n > 0) {
		end = memchr(in->p, '\n', in->n);
		n = end != NULL ? (size_t)(end - in->p) : in->n;
		r->bytes += n + 1;
		add_front(&r->line, in->p, n);
		n += end != NULL;
		*in = (struct str){in->p + n, in->n - n};
		if (r->bytes > BYTES_MAX)
			return REPLY_GARBAGE;
		if (end == NULL)
			break;
		result = parse_reply_line(r, buf_str(&r->line));
		buf_reset(&r->line);
	}
	return result;
}

void
reply_free(struct reply_reader *r)
{
	buf_free(&r->line);
	buf_free(&r->text);
}

static struct str
first_word(const char *p, const char *end)
{
	const char *q = p;

	while (
	    q < end && (unsigned char)*q > ' ' && strchr(",;)>\"", *q) == NULL)
		q++;
	return q > p ? (struct str){p, (size_t)(q - p)} : (struct str){0};
}

/*
 * The formats: Postfix "Ok: queued as 4XYZ", Exim "OK id=1abc-..", Sendmail
 * "x1 Message accepted for delivery", Amazon SES "Ok 0100018b-...".
 */
struct str
reply_queue_id(struct str s)
{
	static const char *const marks[] = {"queued as ", "id="};
	const char *p, *end = s.p + s.n;
	size_t i;

	for (i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		p = memmem(s.p, s.n, marks[i], strlen(marks[i]));
		if (p != NULL)
			return first_word(p + strlen(marks[i]), end);
	}
	p = memchr(s.p, ' ', s.n);
	if (p == NULL)
		return (struct str){0};
	if (memmem(s.p, s.n, " Message accepted", 17) == p)
		return first_word(s.p, end);
	if (s.n > 10 && strncasecmp(s.p, "ok ", 3) == 0 &&
	    memchr(p + 1, ' ', (size_t)(end - p - 1)) == NULL)
		return first_word(p + 1, end);
	return (struct str){0};
}
