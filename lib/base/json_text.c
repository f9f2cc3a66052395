#include "base/json_text.h"

#include <endian.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/utf8.h"

static uint64_t
bytes(unsigned char c)
{
	return UINT64_C(0x0101010101010101) * c;
}

/*
 * The high bit of the first byte that is a quote, a backslash or a control is
 * the lowest bit set; those above it say nothing. 0: there is none.
 */
static uint64_t
specials(const char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	w = le64toh(w);
	return (((w ^ bytes('"')) - bytes(1)) | ((w ^ bytes('\\')) - bytes(1)) |
		   (w - bytes(' '))) &
	       ~w & bytes(0x80);
}

const char *
json_text_plain(const char *p, const char *end)
{
	uint64_t found;

	for (; end - p >= 8; p += 8) {
		found = specials(p);
		if (found != 0)
			return p + __builtin_ctzll(found) / 8;
	}
	while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= ' ')
		p++;
	return p;
}

/* Four hexadecimal digits, or 0, which no string may hold anyway. */
static uint32_t
hex4(const char *p, const char *end)
{
	int high = num_hex_byte(p, end);
	int low = high < 0 ? -1 : num_hex_byte(p + 2, end);

	return low < 0 ? 0 : (uint32_t)(high << 8 | low);
}

uint32_t
json_text_unescape(const char **p, const char *end)
{
	uint32_t cp = hex4(*p + 2, end), low;

	if (cp == 0)
		return 0;
	*p += 6;
	if (cp < 0xD800 || cp > 0xDFFF)
		return cp;
	if (cp > 0xDBFF || end - *p < 6 || memcmp(*p, "\\u", 2) != 0)
		return 0;
	low = hex4(*p + 2, end);
	*p += 6;
	if (low < 0xDC00 || low > 0xDFFF)
		return 0;
	return 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
}

static char
short_escape(char c)
{
	switch (c) {
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	case 'b':
		return '\b';
	case 'f':
		return '\f';
	}
	return c;
}

/* No escape is shorter than its meaning, so the memory suffices. */
static struct str
decode_escapes(struct str s, struct arena *arena)
{
	const char *p = s.p, *end = s.p + s.n, *slash;
	struct buf b = {.p = arena_alloc(arena, s.n + 1), .cap = s.n + 1};

	while ((slash = memchr(p, '\\', (size_t)(end - p))) != NULL) {
		memcpy(b.p + b.len, p, (size_t)(slash - p));
		b.len += (size_t)(slash - p);
		/* Most stand in pairs, at the ends of lines. */
		for (p = slash; p < end && *p == '\\';) {
			if (p[1] == 'u') {
				utf8_put(&b, json_text_unescape(&p, end));
			} else {
				b.p[b.len++] = short_escape(p[1]);
				p += 2;
			}
		}
	}
	buf_add(&b, p, (size_t)(end - p));
	return buf_str(&b);
}

struct str
json_text_decode(struct str quoted, struct arena *arena)
{
	struct str inside = {quoted.p + 1, quoted.n - 2};

	if (memchr(inside.p, '\\', inside.n) == NULL)
		return inside;
	return decode_escapes(inside, arena);
}
