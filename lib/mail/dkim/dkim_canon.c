#include "mail/dkim/dkim_canon.h"

#include <stdbool.h>
#include <string.h>

#include "base/ascii.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/*
 * A line without its CRLF: a run of blanks becomes one space, and the last run
 * disappears. Runs are rare, so that the words between them are copied.
 */
static char *
squeeze_line(char *out, const char *p, const char *end)
{
	const char *word;

	while (p < end && is_blank(end[-1]))
		end--;
	while (p < end) {
		for (word = p; p < end && !is_blank(*p); p++)
			;
		memcpy(out, word, (size_t)(p - word));
		out += p - word;
		if (p == end)
			break;
		*out++ = ' ';
		while (is_blank(*p)) /* no run ends the line */
			p++;
	}
	return out;
}

static void
put_relaxed_field(struct buf *b, struct str field)
{
	const char *colon = memchr(field.p, ':', field.n);
	const char *end = field.p + field.n;
	struct str name = {field.p, (size_t)(colon - field.p)};
	char *start, *out;

	name = str_trim(name);
	out = buf_reserve(b, field.n);
	start = out;
	for (size_t i = 0; i < name.n; i++)
		*out++ = ascii_lower(name.p[i]);
	*out++ = ':';
	b->len += (size_t)(out - start);
	start = out;
	/* A fold is CRLF and a blank: the CRLF goes, the blank is a blank. */
	for (const char *p = colon + 1; p < end; p++) {
		if (*p == '\r' && end - p >= 2 && p[1] == '\n')
			p++;
		else if (!is_blank(*p))
			*out++ = *p;
		else if (out > start && out[-1] != ' ')
			*out++ = ' ';
	}
	while (out > start && out[-1] == ' ')
		out--;
	b->len += (size_t)(out - start);
}

void
dkim_canon_field(struct buf *b, enum dkim_canon canon, struct str field)
{
	if (field.n >= 2 && memcmp(field.p + field.n - 2, "\r\n", 2) == 0)
		field.n -= 2;
	if (canon == DKIM_RELAXED)
		put_relaxed_field(b, field);
	else
		buf_addstr(b, field);
}

/* The end of a line at p; *next is behind its CRLF. */
static const char *
find_line_end(const char *p, const char *end, const char **next)
{
	const char *lf = p;

	while ((lf = memchr(lf, '\n', (size_t)(end - lf))) != NULL) {
		*next = lf + 1;
		if (lf > p && lf[-1] == '\r')
			return lf - 1;
		lf++;
	}
	*next = end;
	return end;
}

void
dkim_canon_body(struct buf *b, enum dkim_canon canon, struct str body)
{
	/* No byte is added but the CRLF of a last line without. */
	char *out = buf_reserve(b, body.n + 2), *start = out, *last = out;
	const char *p = body.p, *end = body.p + body.n, *eol, *next;

	for (; p < end; p = next) {
		eol = find_line_end(p, end, &next);
		if (canon == DKIM_RELAXED) {
			char *line = out;

			out = squeeze_line(out, p, eol);
			if (out > line)
				last = out + 2;
		} else {
			memcpy(out, p, (size_t)(eol - p));
			out += eol - p;
			if (eol > p)
				last = out + 2;
		}
		*out++ = '\r';
		*out++ = '\n';
	}
	if (last == start && canon == DKIM_SIMPLE) {
		memcpy(start, "\r\n", 2);
		last = start + 2;
	}
	b->len += (size_t)(last - start);
}
