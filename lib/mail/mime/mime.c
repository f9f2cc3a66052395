#include "mail/mime/mime.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/crypto.h"
#include "base/utf8.h"

#define QP_LINE 76 /* octets, the soft break's "=" included */
#define SHORT_LINE 78
#define BASE64_LINE 57 /* bytes that make 76 characters */

/* How the encodings treat a byte. */
enum { PLAIN, BLANK, BREAK, ENCODE, CONTROL };

#define C CONTROL
#define E8 ENCODE, ENCODE, ENCODE, ENCODE, ENCODE, ENCODE, ENCODE, ENCODE
#define E32 E8, E8, E8, E8
static const unsigned char byte_kinds[256] = {C, C, C, C, C, C, C, C, C, BLANK,
    BREAK, C, C, BREAK, C, C, C, C, C, C, C, C, C, C, C, C, C, C, C, C, C, C,
    BLANK, ['='] = ENCODE, [0x7F] = ENCODE, E32, E32, E32, E32};
#undef C
#undef E8
#undef E32

static int
byte_kind(char c)
{
	return byte_kinds[(unsigned char)c];
}

const char *
mime_encoding_name(enum mime_encoding e)
{
	return e == MIME_7BIT ? "7bit"
	       : e == MIME_QP ? "quoted-printable"
			      : "base64";
}

/* A text, read line by line; a line ends with CRLF, LF, CR or the text. */
struct text_lines {
	const char *p, *end;
	bool has_cr; /* few texts have a CR; the others are not searched */
};

static struct text_lines
split_lines(struct str s)
{
	return (struct text_lines){
	    s.p, s.p + s.n, s.n > 0 && memchr(s.p, '\r', s.n) != NULL};
}

/* *broken: the line ends with a line break. */
static bool
next_text_line(struct text_lines *l, struct str *line, bool *broken)
{
	const char *stop, *cr = NULL;

	if (l->p == l->end)
		return false;
	stop = memchr(l->p, '\n', (size_t)(l->end - l->p));
	if (stop == NULL)
		stop = l->end;
	if (l->has_cr)
		cr = memchr(l->p, '\r', (size_t)(stop - l->p));
	if (cr != NULL)
		stop = cr;
	*line = (struct str){l->p, (size_t)(stop - l->p)};
	*broken = stop < l->end;
	if (*broken && *stop == '\r' && stop + 1 < l->end && stop[1] == '\n')
		stop++;
	l->p = *broken ? stop + 1 : stop;
	return true;
}

/* Skip the bytes that are PLAIN or BLANK, eight at a time. */
static const char *
skip_plain(const char *p, const char *end)
{
	const uint64_t ones = 0x0101010101010101u, highs = ones << 7;

	while (end - p >= 8 && byte_kind(*p) <= BLANK) {
		uint64_t v, equals, odd;

		memcpy(&v, p, 8);
		equals = v ^ (ones * '=');
		/* Bytes above 0x7E, below 0x20, or "=". */
		odd = (v + ones) | v | ((v - ones * 0x20) & ~v) |
		      ((equals - ones) & ~equals);
		odd &= highs;
		if (odd == 0) {
			p += 8;
			continue;
		}
		/* The first set bit is exact on a little-endian machine. */
		p += __builtin_ctzll(odd) / 8;
		if (byte_kind(*p) > BLANK)
			return p;
		p++;
	}
	while (p < end && byte_kind(*p) <= BLANK)
		p++;
	return p;
}

/*
 * True for a line that a server may change on its way ("From " in an mbox, a
 * leading dot) or that looks like a boundary of multipart.c.
 */
static bool
is_unsafe_line(const char *p, size_t n)
{
	return n > 0 && (*p == '.' || (n >= 5 && memcmp(p, "From ", 5) == 0) ||
			    (n >= 4 && memcmp(p, "--" MIME_BOUNDARY, 4) == 0));
}

struct text_census {
	size_t encode;  /* bytes that quoted-printable writes as three */
	bool seven_bit; /* needs no encoding */
};

/* Count one line; returns its first control character, or NULL. */
static const char *
count_encoded_bytes(struct text_census *c, struct str line)
{
	const char *p = line.p, *end = line.p + line.n;

	if (line.n > SHORT_LINE || is_unsafe_line(p, line.n) ||
	    (line.n > 0 && byte_kind(end[-1]) == BLANK))
		c->seven_bit = false;
	for (; (p = skip_plain(p, end)) < end; p++) {
		if (byte_kind(*p) == CONTROL)
			return p;
		c->encode++;
		if (*p != '=')
			c->seven_bit = false;
	}
	return NULL;
}

int
mime_choose(
    enum mime_encoding *e, struct str s, const char *name, struct fail *f)
{
	struct text_census c = {0, true};
	struct text_lines lines = split_lines(s);
	struct str line;
	const char *bad;
	bool broken;

	while (next_text_line(&lines, &line, &broken)) {
		bad = count_encoded_bytes(&c, line);
		if (bad != NULL)
			return fail_data(f,
			    "%s has the control character U+%04X", name,
			    (unsigned)(unsigned char)*bad);
	}
	if (c.seven_bit)
		*e = MIME_7BIT;
	else if (s.n + 2 * c.encode <= (s.n + 2) / 3 * 4)
		*e = MIME_QP;
	else
		*e = MIME_BASE64;
	return 0;
}

void
mime_crlf(struct buf *b, struct str s)
{
	struct text_lines lines = split_lines(s);
	struct str line;
	bool broken;

	while (next_text_line(&lines, &line, &broken)) {
		buf_addstr(b, line);
		if (broken)
			buf_add(b, "\r\n", 2);
	}
}

static char *
put_qp_byte(char *out, char c)
{
	static const char hex[] = "0123456789ABCDEF";

	*out++ = '=';
	*out++ = hex[(unsigned char)c >> 4];
	*out++ = hex[(unsigned char)c & 15];
	return out;
}

static char *
put_soft_break(char *out)
{
	memcpy(out, "=\r\n", 3);
	return out + 3;
}

/*
 * Put one line without its break. Every output line but the last leaves room
 * for the "=" of a soft break; a blank must not be the last character.
 */
static char *
put_qp_line(char *out, const char *p, const char *end)
{
	bool tail = p < end && byte_kind(end[-1]) == BLANK;
	char *start = out;

	end -= tail;
	if (is_unsafe_line(p, (size_t)(end - p)))
		out = put_qp_byte(out, *p++);
	while (p < end) {
		size_t room = (size_t)(QP_LINE - 1 - (out - start));
		const char *limit = (size_t)(end - p) > room ? p + room : end;
		size_t n = (size_t)(skip_plain(p, limit) - p);

		memcpy(out, p, n);
		out += n;
		p += n;
		if (p == end)
			break;
		if (byte_kind(*p) > BLANK && room - n >= 3) {
			out = put_qp_byte(out, *p++);
		} else if (p + 1 == end && byte_kind(*p) == PLAIN && !tail) {
			*out++ = *p++;
		} else {
			out = put_soft_break(out);
			start = out;
		}
	}
	if (tail && out - start + 3 > QP_LINE)
		out = put_soft_break(out);
	return tail ? put_qp_byte(out, *p) : out;
}

void
mime_qp(struct buf *b, struct str s)
{
	struct text_lines lines = split_lines(s);
	struct str line;
	bool broken;

	while (next_text_line(&lines, &line, &broken)) {
		size_t n = 3 * line.n;
		char *out = buf_reserve(b, n + n / 70 * 3 + 8);

		out = put_qp_line(out, line.p, line.p + line.n);
		if (broken) {
			*out++ = '\r';
			*out++ = '\n';
		}
		b->len = (size_t)(out - b->p);
	}
}

void
mime_base64(struct buf *b, struct str s)
{
	size_t i, n;

	for (i = 0; i < s.n; i += n) {
		n = s.n - i < BASE64_LINE ? s.n - i : BASE64_LINE;
		if (i > 0)
			buf_add(b, "\r\n", 2);
		crypto_base64(b, s.p + i, n);
	}
}

void
mime_encode(struct buf *b, struct str text, enum mime_encoding e)
{
	struct buf crlf = {0};

	switch (e) {
	case MIME_7BIT:
		mime_crlf(b, text);
		break;
	case MIME_QP:
		mime_qp(b, text);
		break;
	case MIME_BASE64:
		mime_crlf(&crlf, text);
		mime_base64(b, buf_str(&crlf));
		buf_free(&crlf);
		break;
	}
}

int
mime_text_part(struct buf *b, const char *subtype, struct str text,
    const char *name, struct fail *f)
{
	enum mime_encoding e;

	if (mime_choose(&e, text, name, f) < 0)
		return -1;
	buf_printf(b,
	    "Content-Type: text/%s; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: %s\r\n\r\n",
	    subtype, mime_encoding_name(e));
	mime_encode(b, text, e);
	return 0;
}
