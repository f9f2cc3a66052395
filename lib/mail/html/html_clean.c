/* Bytes put right before anything looks for markup in them. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "mail/html/html_repair.h"

#define PLANE_15 0xf0000u
#define PLANE_16 0x100000u
#define PLANE_SIZE 0xfffeu /* the last two of a plane are no characters */

static uint32_t
field_cp(size_t i)
{
	return (uint32_t)(i < PLANE_SIZE ? PLANE_15 + i
					 : PLANE_16 + i - PLANE_SIZE);
}

void
html_put_field(
    struct buf *out, struct html_fields *f, struct str text, struct arena *a)
{
	if (f->count >= 2 * PLANE_SIZE)
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
	utf8_put(out, field_cp(f->count++));
}

struct str
html_field(const struct html_fields *f, uint32_t cp)
{
	size_t i;

	if (cp < PLANE_15)
		return (struct str){0};
	i = cp < PLANE_16 ? cp - PLANE_15 : cp - PLANE_16 + PLANE_SIZE;
	return i < f->count ? f->items[i] : (struct str){0};
}

bool
html_next_field(const struct html_fields *f, struct str *s, struct str *before,
    struct str *field)
{
	size_t i = 0;

	while (i < s->n) {
		size_t at = i;

		if ((unsigned char)s->p[i] < 0xf3) {
			i++;
			continue;
		}
		*field = html_field(f, utf8_next(s->p, s->n, &i));
		if (field->p == NULL)
			continue;
		*before = (struct str){s->p, at};
		*s = (struct str){s->p + i, s->n - i};
		return true;
	}
	return false;
}

void
html_restore(struct buf *out, const struct html_fields *f, struct str s)
{
	struct str before, field;

	while (html_next_field(f, &s, &before, &field)) {
		buf_addstr(out, before);
		buf_addstr(out, field);
	}
	buf_addstr(out, s);
}

/* Length of a run of valid UTF-8 without anything to put right. */
static size_t
plain_run(const char *p, size_t n)
{
	size_t i = 0;

	while (i < n && (unsigned char)p[i] < 0x80 &&
	       ((unsigned char)p[i] >= ' ' || p[i] == '\n' || p[i] == '\t') &&
	       p[i] != 0x7f)
		i++;
	return i;
}

/* One character; controls of both kinds go, FF is white space. */
static void
put_clean(struct buf *out, uint32_t cp, struct str bytes, struct html_fields *f,
    struct arena *a)
{
	if (cp == '\f')
		buf_addc(out, ' ');
	else if (cp >= PLANE_15)
		html_put_field(out, f, bytes, a);
	else if (cp >= 0xa0 || cp == '\n')
		buf_addstr(out, bytes);
}

void
html_clean(
    struct buf *out, struct str s, struct html_fields *f, struct arena *a)
{
	size_t i = 0, good = 0; /* valid up to good */

	if (str_starts(s, "\xef\xbb\xbf"))
		i = good = 3;
	while (i < s.n) {
		size_t n = plain_run(s.p + i, s.n - i), at;
		uint32_t cp;

		buf_add(out, s.p + i, n);
		i += n;
		if (i >= s.n)
			return;
		if (s.p[i] == '\r') {
			if (i + 1 == s.n || s.p[i + 1] != '\n')
				buf_addc(out, '\n');
			i++;
			continue;
		}
		if (i >= good)
			good = i + utf8_valid(s.p + i, s.n - i);
		if (i >= good) {
			utf8_put(out, 0xfffd);
			/* The rest of a cut sequence is one error with it. */
			for (i++;
			     i < s.n && ((unsigned char)s.p[i] & 0xc0) == 0x80;)
				i++;
			continue;
		}
		at = i;
		cp = utf8_next(s.p, good, &i);
		put_clean(out, cp, (struct str){s.p + at, i - at}, f, a);
	}
}
