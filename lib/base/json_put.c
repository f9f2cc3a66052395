#include "base/json_put.h"

#include <string.h>

#include "base/json_text.h"

/* The letter behind the backslash of a short escape; 0 if c has none. */
static char
escape_letter(char c)
{
	switch (c) {
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\t':
		return 't';
	case '\b':
		return 'b';
	case '\f':
		return 'f';
	case '"':
	case '\\':
		return c;
	}
	return '\0';
}

static void
put_escaped(struct buf *b, struct str s)
{
	const char *p = s.p, *end = p + s.n, *stop;
	char *to, letter;

	while ((stop = json_text_plain(p, end)) < end) {
		letter = escape_letter(*stop);
		to = buf_reserve(b, (size_t)(stop - p) + 2);
		memcpy(to, p, (size_t)(stop - p));
		to[stop - p] = '\\';
		to[stop - p + 1] = letter;
		b->len += (size_t)(stop - p) + 1;
		if (letter != '\0')
			b->len++;
		else
			buf_printf(b, "u%04x", (unsigned)*stop);
		p = stop + 1;
	}
	buf_add(b, p, (size_t)(end - p));
}

void
json_put_string(struct buf *b, struct str s)
{
	char *to = buf_reserve(b, s.n + s.n / 16 + 2);
	const char *end = s.p + s.n;

	if (s.n == 0 || json_text_plain(s.p, end) != end) {
		buf_addc(b, '"');
		put_escaped(b, s);
		buf_addc(b, '"');
		return;
	}
	to[0] = '"';
	memcpy(to + 1, s.p, s.n);
	to[s.n + 1] = '"';
	b->len += s.n + 2;
}

void
json_put_name(struct buf *b, const char *name)
{
	if (b->len > 0 && b->p[b->len - 1] != '{' && b->p[b->len - 1] != '[')
		buf_addc(b, ',');
	json_put_string(b, str_of(name));
	buf_addc(b, ':');
}

void
json_put(struct buf *b, const char *name, struct str value)
{
	json_put_name(b, name);
	if (value.p == NULL)
		buf_adds(b, "null");
	else
		json_put_string(b, value);
}

void
json_put_int(struct buf *b, const char *name, long long value)
{
	json_put_name(b, name);
	buf_addint(b, value);
}

void
json_put_raw(struct buf *b, const char *name, struct str raw)
{
	json_put_name(b, name);
	buf_addstr(b, raw);
}
