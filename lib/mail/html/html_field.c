#include "mail/html/html_field.h"

#include <string.h>

#include "base/ascii.h"
#include "base/utf8.h"

#define FIELD_MAX 1000 /* bytes; a longer one is no tag */
#define PLANE_16 0x100000u
#define PLANE_SIZE 0xfffeu /* the last two code points are no characters */

static bool
starts_with(const char *p, size_t n, const char *prefix)
{
	size_t len = strlen(prefix);

	return n >= len && memcmp(p, prefix, len) == 0;
}

/* Length from opener through closer; 0 if a banned byte is between. */
static size_t
measure_enclosed(const char *p, size_t n, const char *opener,
    const char *closer, const char *banned)
{
	size_t begin = strlen(opener), close = strlen(closer);
	const char *end;

	if (!starts_with(p, n, opener))
		return 0;
	if (n > FIELD_MAX)
		n = FIELD_MAX;
	end = memmem(p + begin, n - begin, closer, close);
	if (end == NULL)
		return 0;
	for (const char *c = p + begin; c < end; c++)
		if (memchr(banned, *c, strlen(banned)) != NULL)
			return 0;
	return (size_t)(end - p) + close;
}

/* %%NAME%% and nothing else: "20%% or 30%%" is text. */
static size_t
measure_percent(const char *p, size_t n)
{
	size_t i = 2;

	if (!starts_with(p, n, "%%"))
		return 0;
	while (i < n && (ascii_is_alnum(p[i]) || strchr("_-.:", p[i]) != NULL))
		i++;
	return i > 2 && starts_with(p + i, n - i, "%%") ? i + 2 : 0;
}

size_t
html_field_length(const char *p, size_t n)
{
	size_t len;

	switch (p[0]) {
	case '{':
		len = measure_enclosed(p, n, "{{{", "}}}", "");
		if (len == 0)
			len = measure_enclosed(p, n, "{{", "}}", "");
		return len > 0 ? len : measure_enclosed(p, n, "{%", "%}", "");
	case '<':
		return measure_enclosed(p, n, "<%", "%>", "");
	case '%':
		return measure_percent(p, n);
	case '*':
		return measure_enclosed(p, n, "*|", "|*", "\n<>");
	case '$':
		return measure_enclosed(p, n, "${", "}", "\n<>");
	default:
		return 0;
	}
}

static uint32_t
choose_code_point(size_t i)
{
	return (uint32_t)(i < PLANE_SIZE ? HTML_FIELD_FIRST + i
					 : PLANE_16 + i - PLANE_SIZE);
}

void
html_field_put(
    struct buf *out, struct html_fields *f, struct str text, struct arena *a)
{
	if (f->count >= HTML_FIELD_MAX)
		return;
	if (f->count == f->cap) {
		size_t cap = f->cap > 0 ? 2 * f->cap : 16;
		struct str *items = arena_alloc(a, cap * sizeof(*items));

		if (f->count > 0)
			memcpy(items, f->items, f->count * sizeof(*items));
		f->items = items;
		f->cap = cap;
	}
	f->items[f->count] = arena_str(a, text);
	utf8_put(out, choose_code_point(f->count++));
}

size_t
html_field_number(uint32_t cp)
{
	if (cp < HTML_FIELD_FIRST)
		return SIZE_MAX;
	return cp < PLANE_16 ? cp - HTML_FIELD_FIRST
			     : cp - PLANE_16 + PLANE_SIZE;
}

struct str
html_field_tag(const struct html_fields *f, uint32_t cp)
{
	size_t i = html_field_number(cp);

	return i < f->count ? f->items[i] : (struct str){0};
}

/*
 * The first byte that may begin a field's character, or NULL; U+C0000 to
 * U+EFFFF begin with the same byte.
 */
static const char *
find_private(const struct html_fields *f, struct str s)
{
	const char *first, *second;

	if (s.n == 0)
		return NULL;
	first = memchr(s.p, 0xf3, s.n);
	if (f->count <= PLANE_SIZE)
		return first;
	if (first != NULL)
		s.n = (size_t)(first - s.p);
	second = memchr(s.p, 0xf4, s.n);
	return second != NULL ? second : first;
}

bool
html_field_next(const struct html_fields *f, struct str *s, struct str *before,
    struct str *tag)
{
	struct str rest = *s;
	const char *p;

	while ((p = find_private(f, rest)) != NULL) {
		size_t at = (size_t)(p - s->p), i = at;

		*tag = html_field_tag(f, utf8_next(s->p, s->n, &i));
		rest = (struct str){s->p + i, s->n - i};
		if (tag->p == NULL)
			continue;
		*before = (struct str){s->p, at};
		*s = rest;
		return true;
	}
	return false;
}

void
html_field_restore(struct buf *out, const struct html_fields *f, struct str s)
{
	struct str before, tag;

	while (html_field_next(f, &s, &before, &tag)) {
		buf_addstr(out, before);
		buf_addstr(out, tag);
	}
	buf_addstr(out, s);
}
