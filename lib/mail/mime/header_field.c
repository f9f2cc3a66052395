#include "mail/mime/header_field.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"
#include "mail/mime/encoded_word.h"

#define WORD_LINE 76 /* a line that holds an encoded-word */

static bool
is_control_character(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp <= 0x9F) || cp == 0x2028 ||
	       cp == 0x2029;
}

static bool
is_clean_ascii(struct str s)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] < 0x20 || s.p[i] == 0x7F)
			return false;
	}
	return true;
}

int
header_field_clean(
    struct buf *b, const char *name, struct str s, struct fail *f)
{
	size_t i = 0;

	s = str_trim(s);
	if (is_clean_ascii(s)) {
		buf_addstr(b, s);
		return 0;
	}
	while (i < s.n) {
		size_t start = i;
		uint32_t cp = utf8_next(s.p, s.n, &i);

		if (cp == '\t')
			buf_addc(b, ' ');
		else if (cp == '\r' || cp == '\n' || cp == 0x85 ||
			 cp == 0x2028 || cp == 0x2029)
			return fail_data(f, "the %s has a line break", name);
		else if (is_control_character(cp))
			return fail_data(
			    f, "the %s has a control character", name);
		else if (!utf8_is_invisible(cp))
			buf_add(b, s.p + start, i - start);
	}
	return 0;
}

/* True for printable ASCII that no reader takes for an encoded-word. */
static bool
is_printable_literal(struct str s)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] < 0x20 || s.p[i] > 0x7E)
			return false;
	}
	return memmem(s.p, s.n, "=?", 2) == NULL;
}

/* Length of the longest piece; a piece is a run of spaces and a word. */
static size_t
longest_word_length(struct str s)
{
	size_t i, n = 0, best = 0;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] == ' ' && i > 0 && s.p[i - 1] != ' ')
			n = 0;
		n++;
		if (n > best)
			best = n;
	}
	return best;
}

static size_t
current_column(const struct buf *b, size_t line_start)
{
	return b->len - line_start;
}

/* Put words with the spaces before them; each line begins with its spaces. */
static void
put_folded(struct buf *b, struct str s, size_t line_start)
{
	size_t i = 0, end;

	while (i < s.n) {
		for (end = i; end < s.n && s.p[end] == ' '; end++)
			continue;
		for (; end < s.n && s.p[end] != ' '; end++)
			continue;
		if (current_column(b, line_start) + end - i >
		    HEADER_FIELD_FOLD) {
			/* The space after the name moves to the new line. */
			b->len -= i == 0;
			buf_adds(b, i == 0 ? "\r\n " : "\r\n");
			line_start = b->len - (i == 0);
		}
		buf_add(b, s.p + i, end - i);
		i = end;
	}
}

void
header_field_text(struct buf *b, const char *name, struct str s)
{
	size_t start = b->len;

	s = str_trim(s);
	buf_adds(b, name);
	buf_adds(b, ": ");
	if (is_printable_literal(s) &&
	    longest_word_length(s) <= HEADER_FIELD_FOLD - 2)
		put_folded(b, s, start);
	else
		encoded_word_put(b, s, start);
	buf_adds(b, "\r\n");
}

static void
put_quoted(struct buf *b, struct str s)
{
	size_t i;

	buf_addc(b, '"');
	for (i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			buf_addc(b, '\\');
		buf_addc(b, s.p[i]);
	}
	buf_addc(b, '"');
}

static size_t
quoted_length(struct str s)
{
	size_t i, n = 2;

	for (i = 0; i < s.n; i++)
		n += s.p[i] == '"' || s.p[i] == '\\' ? 2 : 1;
	return n;
}

void
header_field_phrase(struct buf *b, struct str s, size_t line_start)
{
	if (is_printable_literal(s) &&
	    current_column(b, line_start) + quoted_length(s) <=
		HEADER_FIELD_FOLD)
		put_quoted(b, s);
	else
		encoded_word_put(b, s, line_start);
}

static size_t
find_last_line(const struct buf *b, size_t start)
{
	const char *lf = memrchr(b->p + start, '\n', b->len - start);

	return lf != NULL ? (size_t)(lf + 1 - b->p) : start;
}

void
header_field_mailbox(
    struct buf *b, const char *name, struct str display, struct str address)
{
	size_t start = b->len, line;

	buf_adds(b, name);
	buf_adds(b, ": ");
	display = str_trim(display);
	if (display.n == 0) {
		buf_addstr(b, address);
		buf_adds(b, "\r\n");
		return;
	}
	header_field_phrase(b, display, start);
	line = find_last_line(b, start);
	if (current_column(b, line) + 3 + address.n > WORD_LINE)
		buf_adds(b, "\r\n");
	buf_adds(b, " <");
	buf_addstr(b, address);
	buf_adds(b, ">\r\n");
}

/* strftime() would use the names of the locale. */
void
header_field_date(struct buf *b, int64_t ms)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t t = (time_t)(ms / 1000);
	struct tm tm;

	gmtime_r(&t, &tm);
	buf_printf(b, "%.3s, %d %.3s %04d %02d:%02d:%02d +0000",
	    days + 3 * tm.tm_wday, tm.tm_mday, months + 3 * tm.tm_mon,
	    tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static bool
is_attr_char(unsigned char c)
{
	return c > 0x20 && c < 0x7F &&
	       strchr("*'%()<>@,;:\\\"/[]?=", c) == NULL;
}

static void
put_percent_encoded(struct buf *b, struct str s)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (is_attr_char(c))
			buf_addc(b, (char)c);
		else
			buf_printf(b, "%%%02X", c);
	}
}

/* One piece on each line, cut between characters (RFC 2231 3). */
static void
put_pieces(struct buf *b, const char *name, struct str s)
{
	size_t i = 0, end;
	int piece;

	for (piece = 0; i < s.n; piece++) {
		size_t line_start = b->len - 1;

		buf_printf(
		    b, "%s*%d*=%s", name, piece, piece == 0 ? "utf-8''" : "");
		while (i < s.n &&
		       current_column(b, line_start) < HEADER_FIELD_FOLD - 13) {
			end = i;
			utf8_next(s.p, s.n, &end);
			put_percent_encoded(b, (struct str){s.p + i, end - i});
			i = end;
		}
		if (i < s.n)
			buf_adds(b, ";\r\n ");
	}
}

/* Some readers leave the backslash in front of a quote where it is. */
static bool
is_plain_value(struct str s)
{
	return is_printable_literal(s) && quoted_length(s) == s.n + 2;
}

void
header_field_parameter(struct buf *b, const char *name, struct str value)
{
	size_t start;

	buf_adds(b, ";\r\n ");
	start = b->len;
	if (is_plain_value(value) &&
	    strlen(name) + 2 + quoted_length(value) <= HEADER_FIELD_FOLD) {
		buf_adds(b, name);
		buf_addc(b, '=');
		put_quoted(b, value);
		return;
	}
	buf_printf(b, "%s*=utf-8''", name);
	put_percent_encoded(b, value);
	if (current_column(b, start) < HEADER_FIELD_FOLD)
		return;
	b->len = start;
	put_pieces(b, name, value);
}

void
header_field_name(struct buf *b, struct str value)
{
	size_t start;

	buf_adds(b, ";\r\n ");
	start = b->len - 1;
	buf_adds(b, "name=");
	if (is_plain_value(value) && value.n < HEADER_FIELD_LINE_MAX / 2) {
		put_quoted(b, value);
		return;
	}
	buf_addc(b, '"');
	encoded_word_put(b, value, start);
	buf_addc(b, '"');
}
