#include "mail/text/plain_fields.h"

#include <stdint.h>
#include <string.h>

#include "base/ascii.h"
#include "base/utf8.h"

#define FIELDS_LIMIT 64 /* a template with more takes the long way */

static bool
is_name_char(char c)
{
	return ascii_is_alnum(c) || c == '_' || c == '-';
}

/* Length of the {{name}} or {{ name }} that starts s; 0 for other tags. */
static size_t
read_simple_tag(struct str s, struct str *name)
{
	size_t i = 2, start;

	while (i < s.n && s.p[i] == ' ')
		i++;
	start = i;
	while (i < s.n && is_name_char(s.p[i]))
		i++;
	*name = (struct str){s.p + start, i - start};
	while (i < s.n && s.p[i] == ' ')
		i++;
	if (name->n == 0 || s.n - i < 2 || memcmp(s.p + i, "}}", 2) != 0)
		return 0;
	return i + 2;
}

/* In the text a "<" that begins no tag would look like a link's target. */
static bool
has_open_bracket(struct str html)
{
	const char *end = html.p + html.n, *p = html.p;

	while ((p = memchr(p, '<', (size_t)(end - p))) != NULL) {
		p++;
		if (p == end || (!ascii_is_alnum(*p) && *p != '/' && *p != '!'))
			return true;
	}
	return false;
}

/* Markup and references that make a text depend on its neighbours. */
static bool
has_odd_markup(struct str html)
{
	static const char *const odd[] = {"<sup", "<pre", "white-space",
	    "&nbsp", "&#", "&shy", "&zw", "&Zero", "&thinsp", "&ensp", "&emsp",
	    "&NoBreak", "\xc2\xa0", "\xc2\xad", "\xe2\x80\x8b", "\xe2\x80\xaf",
	    "%%", "<%", "*|", "${", "{%", "{{{", "&lt", "&LT"};
	size_t i;

	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		if (memmem(html.p, html.n, odd[i], strlen(odd[i])) != NULL)
			return true;
	}
	return has_open_bracket(html);
}

static struct plain_field *
add_field(struct plain_fields *fs, struct str name, struct arena *a)
{
	size_t i;

	for (i = 0; i < fs->count; i++) {
		if (str_is(name, fs->items[i].name))
			return &fs->items[i];
	}
	if (fs->count == FIELDS_LIMIT)
		return NULL;
	fs->items[fs->count].name = arena_dup(a, name.p, name.n);
	return &fs->items[fs->count++];
}

/* The open <a at offset to, or NULL; an approximation is enough. */
static const char *
follow_links(struct str html, size_t from, size_t to, const char *open)
{
	size_t i;

	for (i = from; i < to && i + 2 < html.n; i++) {
		const char *p = html.p + i;

		if (p[0] != '<')
			continue;
		if (p[1] == '/' && (p[2] == 'a' || p[2] == 'A'))
			open = NULL;
		if ((p[1] == 'a' || p[1] == 'A') && !ascii_is_alnum(p[2]))
			open = p;
	}
	return open;
}

/* True if the place is behind the ">" of the open <a. */
static bool
is_link_text(const char *open, const char *at)
{
	return open != NULL && memchr(open, '>', (size_t)(at - open)) != NULL;
}

bool
plain_fields_scan(struct plain_fields *fs, struct str html, struct arena *a)
{
	const char *open = NULL;
	size_t i = 0, before = 0;

	*fs = (struct plain_fields){0};
	fs->items = arena_alloc(a, FIELDS_LIMIT * sizeof(*fs->items));
	if (has_odd_markup(html))
		return false;
	while (i < html.n) {
		const char *p = memmem(html.p + i, html.n - i, "{{", 2);
		struct plain_field *field;
		struct str name;
		size_t n;

		if (p == NULL)
			break;
		i = (size_t)(p - html.p);
		n = read_simple_tag((struct str){p, html.n - i}, &name);
		field = n > 0 ? add_field(fs, name, a) : NULL;
		if (field == NULL)
			return false;
		open = follow_links(html, before, i, open);
		field->linked |= is_link_text(open, p);
		before = i;
		i += n;
	}
	return true;
}

/* White space that HTML keeps, joiners, private characters. */
static bool
is_odd(uint32_t cp)
{
	return (cp >= 0x7F && cp <= 0xA0) || utf8_is_invisible(cp) ||
	       cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200F) ||
	       (cp >= 0x2028 && cp <= 0x202F) || cp == 0x205F || cp == 0x3000 ||
	       (cp >= 0xE000 && cp <= 0xF8FF) || cp >= 0xF0000 ||
	       (cp & 0xFFFE) == 0xFFFE || (cp >= 0xFDD0 && cp <= 0xFDEF);
}

static bool
is_words(struct str v)
{
	size_t i;

	if (v.p[0] == ' ' || v.p[v.n - 1] == ' ')
		return false;
	if ((unsigned char)v.p[0] < 0x80 && !ascii_is_alnum(v.p[0]))
		return false;
	for (i = 0; i < v.n;) {
		unsigned char c = (unsigned char)v.p[i];

		if (c >= 0x80) {
			if (is_odd(utf8_next(v.p, v.n, &i)))
				return false;
			continue;
		}
		if (c < 0x20 || strchr("{%*<>$\x7f", c) != NULL ||
		    (c == ' ' && v.p[i + 1] == ' '))
			return false;
		i++;
	}
	return true;
}

static bool
is_made_of(struct str v, const char *also)
{
	size_t i;

	for (i = 0; i < v.n; i++) {
		if (!ascii_is_alnum(v.p[i]) &&
		    (v.p[i] == '\0' || strchr(also, v.p[i]) == NULL))
			return false;
	}
	return true;
}

/* A link whose text repeats its target is shown without the target. */
static bool
is_address_like(struct str v)
{
	return memchr(v.p, ' ', v.n) == NULL &&
	       (memchr(v.p, '.', v.n) != NULL ||
		   memchr(v.p, '@', v.n) != NULL ||
		   memchr(v.p, ':', v.n) != NULL);
}

bool
plain_fields_accept(const struct plain_field *field, struct str v)
{
	if (v.n == 0)
		return false;
	switch (field->level) {
	case PLAIN_WORDS:
		return is_words(v) && !(field->linked && is_address_like(v));
	case PLAIN_TOKEN:
		return is_made_of(v, "-._~") &&
		       !(field->linked && is_address_like(v));
	case PLAIN_URL:
		break;
	}
	return !field->linked && str_starts(v, "https://") &&
	       is_made_of(v, "-._~:/?&=+");
}
