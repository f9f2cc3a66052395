/* Template tags of many kinds, and character references. */
#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "mail/html/html_repair.h"

#define FIELD_MAX 1000 /* bytes; a longer one is no tag */

static bool
is_at(const char *p, size_t n, const char *what)
{
	size_t len = strlen(what);

	return n >= len && memcmp(p, what, len) == 0;
}

/* From opener to closer; the content must not have a byte of not. */
static size_t
enclosed(const char *p, size_t n, const char *opener, const char *closer,
    const char * not )
{
	size_t begin = strlen(opener), close = strlen(closer);
	const char *end;

	if (!is_at(p, n, opener))
		return 0;
	if (n > FIELD_MAX)
		n = FIELD_MAX;
	end = memmem(p + begin, n - begin, closer, close);
	if (end == NULL)
		return 0;
	for (const char *c = p + begin; c < end; c++)
		if (memchr(not, *c, strlen(not )) != NULL)
			return 0;
	return (size_t)(end - p) + close;
}

/* %%NAME%% and nothing else: "20%% or 30%%" is text. */
static size_t
percent_length(const char *p, size_t n)
{
	size_t i = 2;

	if (!is_at(p, n, "%%"))
		return 0;
	while (i < n && (ascii_is_alnum(p[i]) || strchr("_-.:", p[i]) != NULL))
		i++;
	return i > 2 && is_at(p + i, n - i, "%%") ? i + 2 : 0;
}

size_t
html_field_length(const char *p, size_t n)
{
	size_t len;

	switch (p[0]) {
	case '{':
		len = enclosed(p, n, "{{{", "}}}", "");
		if (len == 0)
			len = enclosed(p, n, "{{", "}}", "");
		return len > 0 ? len : enclosed(p, n, "{%", "%}", "");
	case '<':
		return enclosed(p, n, "<%", "%>", "");
	case '%':
		return percent_length(p, n);
	case '*':
		return enclosed(p, n, "*|", "|*", "\n<>");
	case '$':
		return enclosed(p, n, "${", "}", "\n<>");
	default:
		return 0;
	}
}

static void
put_number(struct buf *out, uint32_t cp)
{
	/* Windows-1252 0x80-0x9f, as browsers read them. */
	static const uint16_t c1[32] = {0x20ac, 0x81, 0x201a, 0x192, 0x201e,
	    0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d,
	    0x17d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013,
	    0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178};

	if (cp >= 0x80 && cp < 0xa0)
		cp = c1[cp - 0x80];
	if (cp == '\f' || cp == '\r')
		cp = ' ';
	if (cp == 0 || cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000) ||
	    cp >= 0xf0000)
		cp = 0xfffd;
	if (cp >= ' ' ? cp != 0x7f && (cp < 0x80 || cp >= 0xa0)
		      : cp == '\t' || cp == '\n')
		buf_printf(out, "&#%u;", (unsigned)cp);
}

static int
digit(char c, int base)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = (char)(c | 0x20);
	return base == 16 && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static size_t
put_numeric(struct buf *out, const char *p, size_t n)
{
	int base = n > 2 && (p[2] == 'x' || p[2] == 'X') ? 16 : 10;
	size_t begin = base == 16 ? 3 : 2, i = begin;
	uint32_t cp = 0;

	for (; i < n && digit(p[i], base) >= 0; i++)
		if (cp <= 0x10ffff)
			cp = cp * (uint32_t)base + (uint32_t)digit(p[i], base);
	if (i == begin)
		return 0;
	put_number(out, cp);
	return i < n && p[i] == ';' ? i + 1 : i;
}

size_t
html_put_reference(struct buf *out, const char *p, size_t n)
{
	struct str cps;
	uint32_t cp = 0;
	size_t i = 1;

	if (n > 2 && p[1] == '#')
		return put_numeric(out, p, n);
	while (i < n && i < 40 && ascii_is_alnum(p[i]))
		i++;
	if (i >= n || p[i] != ';')
		return 0;
	cps = html_name((struct str){p + 1, i - 1});
	if (cps.p == NULL)
		return 0;
	for (size_t j = 0; j < cps.n; j++) {
		if (cps.p[j] != '+')
			cp = cp * 16 + (uint32_t)digit(cps.p[j], 16);
		if (cps.p[j] == '+' || j + 1 == cps.n) {
			put_number(out, cp);
			cp = 0;
		}
	}
	return i + 1;
}
