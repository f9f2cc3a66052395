#include "base/json_text.h"

#include <endian.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/utf8.h"

/* A word whose 8 bytes are all c. */
static uint64_t
repeat_byte(unsigned char c)
{
	return UINT64_C(0x0101010101010101) * c;
}

/*
 * The lowest bit set is the high bit of the first of 8 bytes that is a quote,
 * a backslash or a control character; the bits above it mean nothing. 0 if
 * there is no such byte.
 */
static uint64_t
find_specials(const char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	w = le64toh(w);
	return (((w ^ repeat_byte('"')) - repeat_byte(1)) |
		   ((w ^ repeat_byte('\\')) - repeat_byte(1)) |
		   (w - repeat_byte(' '))) &
	       ~w & repeat_byte(0x80);
}

const char *
json_text_plain(const char *p, const char *end)
{
	uint64_t found;

	for (; end - p >= 8; p += 8) {
		found = find_specials(p);
		if (found != 0)
			return p + __builtin_ctzll(found) / 8;
	}
	while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= ' ')
		p++;
	return p;
}

/* The value of four hexadecimal digits; 0, which is refused, if malformed. */
static uint32_t
parse_hex4(const char *p, const char *end)
{
	int high = num_hex_byte(p, end);
	int low = high < 0 ? -1 : num_hex_byte(p + 2, end);

	return low < 0 ? 0 : (uint32_t)(high << 8 | low);
}

uint32_t
json_text_unescape(const char **p, const char *end)
{
	uint32_t cp = parse_hex4(*p + 2, end), low;

	if (cp == 0)
		return 0;
	*p += 6;
	if (cp < 0xD800 || cp > 0xDFFF)
		return cp;
	if (cp > 0xDBFF || end - *p < 6 || memcmp(*p, "\\u", 2) != 0)
		return 0;
	low = parse_hex4(*p + 2, end);
	*p += 6;
	if (low < 0xDC00 || low > 0xDFFF)
		return 0;
	return 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
}

/* The character that the letter behind a backslash means. */
static char
unescape_letter(char c)
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

/*
 * The decoded text is never longer than the written one, so the memory
 * suffices. Most strings have no escape: inlined, this would slow them down.
 */
__attribute__((noinline)) static struct str
decode_escapes(struct str s, struct arena *arena)
{
	const char *p = s.p, *end = s.p + s.n, *slash;
	struct buf b = {.p = arena_bytes(arena, s.n + 1), .cap = s.n + 1};

	while ((slash = memchr(p, '\\', (size_t)(end - p))) != NULL) {
		memcpy(b.p + b.len, p, (size_t)(slash - p));
		b.len += (size_t)(slash - p);
		/* Escapes come in runs, as "\r\n" at the end of lines. */
		for (p = slash; p < end && *p == '\\';) {
			if (p[1] == 'u') {
				utf8_put(&b, json_text_unescape(&p, end));
			} else {
				b.p[b.len++] = unescape_letter(p[1]);
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
