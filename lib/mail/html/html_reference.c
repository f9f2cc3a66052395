#include "mail/html/html_reference.h"

#include <string.h>

#include "base/ascii.h"
#include "mail/html/html_field.h"
#include "mail/html/html_names.h"

#define NAME_MAX_BYTES 40 /* a longer name is in no list */

static void
put_code_point(struct buf *out, uint32_t cp)
{
	/* Browsers read 0x80 to 0x9f as Windows-1252. */
	static const uint16_t c1[32] = {0x20ac, 0x81, 0x201a, 0x192, 0x201e,
	    0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d,
	    0x17d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013,
	    0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178};

	if (cp >= 0x80 && cp < 0xa0)
		cp = c1[cp - 0x80];
	if (cp == '\f' || cp == '\r')
		cp = ' ';
	if (cp == 0 || cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000) ||
	    cp >= HTML_FIELD_FIRST)
		cp = 0xfffd;
	if (cp >= ' ' ? cp != 0x7f && (cp < 0x80 || cp >= 0xa0)
		      : cp == '\t' || cp == '\n')
		buf_printf(out, "&#%u;", (unsigned)cp);
}

static int
parse_digit(char c, int base)
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

	for (; i < n && parse_digit(p[i], base) >= 0; i++)
		if (cp <= 0x10ffff)
			cp = cp * (uint32_t)base +
			     (uint32_t)parse_digit(p[i], base);
	if (i == begin)
		return 0;
	put_code_point(out, cp);
	return i < n && p[i] == ';' ? i + 1 : i;
}

/* True for the names that need no semicolon. */
static bool
is_old_name(struct str name)
{
	static const char names[] =
	    " AElig AMP Aacute Acirc Agrave Aring Atilde Auml COPY Ccedil ETH "
	    "Eacute Ecirc Egrave Euml GT Iacute Icirc Igrave Iuml LT Ntilde "
	    "Oacute Ocirc Ograve Oslash Otilde Ouml QUOT REG THORN Uacute "
	    "Ucirc "
	    "Ugrave Uuml Yacute aacute acirc acute aelig agrave amp aring "
	    "atilde "
	    "auml brvbar ccedil cedil cent copy curren deg divide eacute ecirc "
	    "egrave eth euml frac12 frac14 frac34 gt iacute icirc iexcl igrave "
	    "iquest iuml laquo lt macr micro middot nbsp not ntilde oacute "
	    "ocirc "
	    "ograve ordf ordm oslash otilde ouml para plusmn pound quot raquo "
	    "reg sect shy sup1 sup2 sup3 szlig thorn times uacute ucirc ugrave "
	    "uml uuml yacute yen yuml ";
	char word[10] = " ";

	if (name.n > sizeof(word) - 3)
		return false;
	memcpy(word + 1, name.p, name.n);
	word[name.n + 1] = ' ';
	return strstr(names, word) != NULL;
}

/* The length of the longest old name that starts the word; 0 if none does. */
static size_t
measure_old_name(struct str word)
{
	while (word.n > 0 && !is_old_name(word))
		word.n--;
	return word.n;
}

static bool
put_named(struct buf *out, struct str name)
{
	struct str cps = html_names_find(name);
	uint32_t cp = 0;

	if (cps.p == NULL)
		return false;
	for (size_t j = 0; j < cps.n; j++) {
		if (cps.p[j] != '+')
			cp = cp * 16 + (uint32_t)parse_digit(cps.p[j], 16);
		if (cps.p[j] == '+' || j + 1 == cps.n) {
			put_code_point(out, cp);
			cp = 0;
		}
	}
	return true;
}

size_t
html_reference_put(struct buf *out, const char *p, size_t n, bool in_attribute)
{
	size_t i = 1;

	if (n > 2 && p[1] == '#')
		return put_numeric(out, p, n);
	while (i < n && i < NAME_MAX_BYTES && ascii_is_alnum(p[i]))
		i++;
	if (i < n && p[i] == ';' && put_named(out, (struct str){p + 1, i - 1}))
		return i + 1;
	i = 1 + measure_old_name((struct str){p + 1, i - 1});
	if (i == 1 ||
	    (in_attribute && i < n && (p[i] == '=' || ascii_is_alnum(p[i]))))
		return 0;
	put_named(out, (struct str){p + 1, i - 1});
	return i;
}
