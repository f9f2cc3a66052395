#include "mail/template/template_skeleton.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"

void
template_skeleton_free(struct template_skeleton *k)
{
	buf_free(&k->html);
	free(k->values);
}

/*
 * Bytes that the reader of HTML drops or replaces, or that may be a part of a
 * template tag: C0, DEL, C1, U+FEFF, U+FFFE, planes 15 and 16.
 */
static bool
is_special(const char *p)
{
	unsigned char c = (unsigned char)p[0], next = (unsigned char)p[1];

	if (c < 0x80)
		return c < 0x20 || c == 0x7f || strchr("{}*|$", c) != NULL ||
		       (c == '%' && next == '%');
	if (c == 0xc2)
		return next < 0xa0;
	if (c != 0xef)
		return c >= 0xf3;
	return memcmp(p, "\xef\xbb\xbf", 3) == 0 ||
	       (next == 0xbf && (unsigned char)p[2] >= 0xbe);
}

/* True for a value whose first character stands apart as a reference. */
static bool
has_numeric_start(struct str s)
{
	return str_starts(s, "&#") && !str_starts(s, escape_reference('\''));
}

/* The value is valid UTF-8 with a NUL behind it. */
static bool
fits_hole(struct str s)
{
	if (s.n == 0 || s.p[0] == ' ' || s.p[0] == '%' || s.p[s.n - 1] == '%' ||
	    has_numeric_start(s))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (is_special(s.p + i))
			return false;
	return true;
}

/* Undo escape_html(). */
static struct str
drop_references(struct str s, struct arena *a)
{
	static const char signs[] = "&<>\"'";
	char *out;
	size_t n = 0;

	if (memchr(s.p, '&', s.n) == NULL)
		return arena_str(a, s);
	out = arena_alloc(a, s.n);
	for (size_t i = 0; i < s.n;) {
		const char *sign = signs;
		struct str rest = {s.p + i, s.n - i};

		while (
		    *sign != '\0' && !str_starts(rest, escape_reference(*sign)))
			sign++;
		out[n++] = *sign != '\0' ? *sign : s.p[i];
		i += *sign != '\0' ? strlen(escape_reference(*sign)) : 1;
	}
	return (struct str){out, n};
}

void
template_skeleton_cut(struct template_skeleton *k, size_t at, struct arena *a)
{
	struct str value;

	*buf_reserve(&k->html, 1) = '\0';
	value = (struct str){k->html.p + at, k->html.len - at};
	if (!fits_hole(value))
		return;
	k->values = mem_more(k->values, k->count, &k->cap, sizeof(*k->values));
	k->values[k->count++] = drop_references(value, a);
	k->size += value.n;
	k->html.len = at;
	buf_adds(&k->html, TEMPLATE_HOLE);
}
