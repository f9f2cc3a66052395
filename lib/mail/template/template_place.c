#include "mail/template/template_place.h"

#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/escape.h"

/* memchr(), since strchr() finds a NUL in every string. */
static bool
is_one_of(char c, const char *set)
{
	return memchr(set, c, strlen(set)) != NULL;
}

static void
put_percent_byte(struct buf *out, char c)
{
	static const char hex[] = "0123456789ABCDEF";
	unsigned char b = (unsigned char)c;
	char code[3] = {'%', hex[b >> 4], hex[b & 15]};

	buf_add(out, code, sizeof(code));
}

/*
 * True behind "&", "&am" or "&#6" of the template: what follows could make a
 * character reference of it. References of values end with a semicolon.
 */
static bool
is_in_reference(const struct buf *out)
{
	size_t n = out->len;

	while (n > 0 && (ascii_is_alnum(out->p[n - 1]) || out->p[n - 1] == '#'))
		n--;
	return n > 0 && out->p[n - 1] == '&';
}

/* Write the first character so that no reference goes on with the value. */
static struct str
put_apart(struct buf *out, struct str s)
{
	if (s.n == 0 || !(ascii_is_alnum(s.p[0]) || is_one_of(s.p[0], "#;")) ||
	    !is_in_reference(out))
		return s;
	buf_printf(out, "&#%d;", s.p[0]);
	return (struct str){s.p + 1, s.n - 1};
}

/* Unreserved characters only (RFC 3986 2.3). */
static void
put_component(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (ascii_is_alnum(s.p[i]) || is_one_of(s.p[i], "-._~"))
			buf_addc(out, s.p[i]);
		else
			put_percent_byte(out, s.p[i]);
	}
}

/* Encode the bytes that no URL may hold and leave the rest alone. */
static void
put_whole_url(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '&')
			buf_adds(out, "&amp;");
		else if (is_one_of(s.p[i], " \"'<>\\^`{|}"))
			put_percent_byte(out, s.p[i]);
		else
			buf_addc(out, s.p[i]);
	}
}

static bool
has_scheme(struct str s, const char *scheme)
{
	size_t n = strlen(scheme);

	return s.n > n && strncasecmp(s.p, scheme, n) == 0 &&
	       !is_one_of(s.p[n], "/?# \\");
}

static bool
is_good_url(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return false;
	return has_scheme(s, "https://") || has_scheme(s, "http://") ||
	       has_scheme(s, "mailto:");
}

/*
 * True if only white space follows the quote that opened the attribute:
 * encoded values never hold a quote, so the last quote is the opening one.
 */
static bool
is_at_start(const struct buf *out)
{
	size_t n = out->len;

	while (n > 0 && (unsigned char)out->p[n - 1] <= ' ')
		n--;
	return n > 0 && (out->p[n - 1] == '"' || out->p[n - 1] == '\'');
}

/* True if the attribute is an address of mail up to here (RFC 6068). */
static bool
is_in_mailto(const struct buf *out)
{
	static const char scheme[] = "mailto:";
	size_t n = sizeof(scheme) - 1;

	return out->len > n &&
	       strncasecmp(out->p + out->len - n, scheme, n) == 0 &&
	       is_one_of(out->p[out->len - n - 1], "\"' \t\n\r\f");
}

/* The address of "mailto:{{email}}": its last @ stands as it is. */
static void
put_mail_address(struct buf *out, struct str s)
{
	const char *at = memrchr(s.p, '@', s.n);

	if (at != NULL) {
		put_component(out, (struct str){s.p, (size_t)(at - s.p)});
		buf_addc(out, '@');
		s.n -= (size_t)(at + 1 - s.p);
		s.p = at + 1;
	}
	put_component(out, s);
}

static int
put_url(struct buf *out, struct str s, bool empty, struct fail *f)
{
	if (is_in_mailto(out)) {
		put_mail_address(out, s);
		return 0;
	}
	if (!is_at_start(out)) {
		put_component(out, put_apart(out, s));
		return 0;
	}
	if (s.n == 0 && empty)
		return 0;
	if (!is_good_url(s))
		return fail_data(f, "is not an http, https or mailto URL");
	put_whole_url(out, s);
	return 0;
}

/* Colours, sizes, font names: no character that ends a value or calls. */
static int
put_style(struct buf *out, struct str s, struct fail *f)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && !is_one_of(s.p[i], " #%+,-._"))
			return fail_data(
			    f, "has a character that no style may hold");
	buf_addstr(out, s);
	return 0;
}

int
template_place_put(struct buf *out, enum template_place place, struct str value,
    bool empty_url, struct fail *f)
{
	switch (place) {
	case PLACE_URL:
		return put_url(out, value, empty_url, f);
	case PLACE_STYLE:
		return put_style(out, value, f);
	case PLACE_HTML:
		escape_html(out, put_apart(out, value));
		return 0;
	default:
		buf_addstr(out, value);
		return 0;
	}
}
