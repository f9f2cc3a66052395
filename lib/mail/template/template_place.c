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

static int
put_url(struct buf *out, struct str s, bool empty, struct fail *f)
{
	if (!is_at_start(out)) {
		put_component(out, s);
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
		escape_html(out, value);
		return 0;
	default:
		buf_addstr(out, value);
		return 0;
	}
}
