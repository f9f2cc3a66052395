#include <string.h>

#include "base/json.h"
#include "base/json_text.h"

static void
put_escape(struct buf *b, char c)
{
	static const char from[] = "\b\f\n\r\t\"\\", to[] = "bfnrt\"\\";
	const char *at = memchr(from, c, sizeof(from) - 1);

	if (at == NULL) {
		buf_printf(b, "\\u%04x", (unsigned)c);
		return;
	}
	buf_addc(b, '\\');
	buf_addc(b, to[at - from]);
}

static void
put_text(struct buf *b, struct str s)
{
	const char *p = s.p, *end = p + s.n, *stop;

	while ((stop = json_text_plain(p, end)) < end) {
		buf_add(b, p, (size_t)(stop - p));
		put_escape(b, *stop);
		p = stop + 1;
	}
	buf_add(b, p, (size_t)(end - p));
}

void
json_put_string(struct buf *b, struct str s)
{
	buf_reserve(b, s.n + s.n / 16 + 2);
	buf_addc(b, '"');
	put_text(b, s);
	buf_addc(b, '"');
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
	buf_printf(b, "%lld", value);
}

void
json_put_raw(struct buf *b, const char *name, struct str raw)
{
	json_put_name(b, name);
	buf_addstr(b, raw);
}
