#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <unictype.h>
#include <unigbrk.h>
#include <uninorm.h>
#include <unistring/version.h>
#include <uniwidth.h>

static bool
is_tail(unsigned char c)
{
	return (c & 0xC0) == 0x80;
}

/* Bytes in the well-formed character at p (RFC 3629 section 4), or 0. */
static size_t
measure_char(const unsigned char *p, size_t n)
{
	if (p[0] < 0x80)
		return 1;
	if (n < 2 || p[0] < 0xC2 || p[0] > 0xF4 || !is_tail(p[1]))
		return 0;
	if (p[0] < 0xE0)
		return 2;
	if (n < 3 || !is_tail(p[2]) || (p[0] == 0xE0 && p[1] < 0xA0) ||
	    (p[0] == 0xED && p[1] > 0x9F))
		return 0;
	if (p[0] < 0xF0)
		return 3;
	if (n < 4 || !is_tail(p[3]) || (p[0] == 0xF0 && p[1] < 0x90) ||
	    (p[0] == 0xF4 && p[1] > 0x8F))
		return 0;
	return 4;
}

static size_t
skip_ascii(const char *p, size_t n, size_t i)
{
	uint64_t w;

	for (; n - i >= sizeof(w); i += sizeof(w)) {
		memcpy(&w, p + i, sizeof(w));
		if ((w & 0x8080808080808080U) != 0)
			break;
	}
	while (i < n && (unsigned char)p[i] < 0x80)
		i++;
	return i;
}

size_t
utf8_valid(const char *p, size_t n)
{
	size_t i = skip_ascii(p, n, 0), size;

	while (i < n) {
		size = measure_char((const unsigned char *)p + i, n - i);
		if (size == 0)
			return i;
		i += size;
		if (i < n && (unsigned char)p[i] < 0x80)
			i = skip_ascii(p, n, i);
	}
	return n;
}

size_t
utf8_printable(const char *p, size_t n)
{
	const uint64_t ones = 0x0101010101010101U;
	uint64_t w, del;
	size_t i = 0;

	for (; n - i >= sizeof(w); i += sizeof(w)) {
		memcpy(&w, p + i, sizeof(w));
		del = w ^ ones * 0x7F;
		/* High bits: not ASCII, or a borrow by a control or a DEL. */
		if (((w | (w - ones * ' ') | (del - ones)) & ones * 0x80) != 0)
			break;
	}
	while (i < n && p[i] >= ' ' && p[i] <= '~')
		i++;
	return i;
}

uint32_t
utf8_next(const char *p, size_t n, size_t *i)
{
	static const unsigned char lead_bits[] = {0x7F, 0, 0x1F, 0x0F, 0x07};
	unsigned char c = (unsigned char)p[*i];
	size_t size = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
	uint32_t cp = c & lead_bits[size == 1 ? 0 : size];

	if (size > n - *i)
		size = n - *i;
	for (size_t k = 1; k < size; k++)
		cp = cp << 6 | ((unsigned char)p[*i + k] & 0x3F);
	*i += size;
	return cp;
}

void
utf8_put(struct buf *b, uint32_t cp)
{
	if (cp < 0x80) {
		buf_addc(b, (char)cp);
		return;
	}
	if (cp < 0x800) {
		buf_addc(b, (char)(0xC0 | cp >> 6));
	} else if (cp < 0x10000) {
		buf_addc(b, (char)(0xE0 | cp >> 12));
		buf_addc(b, (char)(0x80 | (cp >> 6 & 0x3F)));
	} else {
		buf_addc(b, (char)(0xF0 | cp >> 18));
		buf_addc(b, (char)(0x80 | (cp >> 12 & 0x3F)));
		buf_addc(b, (char)(0x80 | (cp >> 6 & 0x3F)));
	}
	buf_addc(b, (char)(0x80 | (cp & 0x3F)));
}

size_t
utf8_length(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += !is_tail((unsigned char)s.p[i]);
	return n;
}

size_t
utf8_cut(struct str s, size_t max)
{
	if (s.n <= max)
		return s.n;
	while (max > 0 && is_tail((unsigned char)s.p[max]))
		max--;
	return max;
}

static bool
is_pictograph(uint32_t cp)
{
	return cp > 0xA8 &&
	       uc_is_property(cp, UC_PROPERTY_EXTENDED_PICTOGRAPHIC);
}

static bool
is_flag_letter(uint32_t cp)
{
	return cp >= 0x1F1E6 && cp <= 0x1F1FF;
}

static bool
extends_cluster(uint32_t cp)
{
	int property = uc_graphemeclusterbreak_property(cp);

	return property == GBP_EXTEND || property == GBP_ZWJ;
}

/* The library looks at two characters only; emoji and flags need more. */
size_t
utf8_grapheme(const char *p, size_t n, size_t i)
{
	uint32_t a, b;
	bool pictograph, odd_flag;

	if (i >= n)
		return n;
	a = utf8_next(p, n, &i);
	pictograph = is_pictograph(a);
	odd_flag = is_flag_letter(a);
	for (size_t at = i; i < n; at = i, a = b) {
		b = utf8_next(p, n, &i);
		if (uc_is_grapheme_break(a, b) &&
		    !(odd_flag && is_flag_letter(b)) &&
		    !(pictograph && a == 0x200D && is_pictograph(b)))
			return at;
		odd_flag = is_flag_letter(b) && !odd_flag;
		pictograph =
		    is_pictograph(b) || (pictograph && extends_cluster(b));
	}
	return n;
}

int
utf8_width(uint32_t cp)
{
	int w = uc_width(cp, "UTF-8");

	return w > 0 ? w : 0;
}

/* At most two, for a flag or a joined emoji of many wide characters. */
static size_t
cluster_columns(struct str s)
{
	size_t columns = 0, i = 0;

	while (i < s.n) {
		uint32_t cp = utf8_next(s.p, s.n, &i);

		columns += (size_t)utf8_width(cp);
		if (cp == 0xFE0F) /* emoji presentation */
			columns = 2;
	}
	return columns < 2 ? columns : 2;
}

size_t
utf8_columns(struct str s)
{
	size_t columns = 0, i = 0, end;

	while (i < s.n) {
		bool alone = i + 1 == s.n || (unsigned char)s.p[i + 1] < 0x80;

		if (alone && s.p[i] >= 0x20 && s.p[i] < 0x7F) {
			columns++;
			i++;
			continue;
		}
		end = utf8_grapheme(s.p, s.n, i);
		columns += cluster_columns((struct str){s.p + i, end - i});
		i = end;
	}
	return columns;
}

void
utf8_nfc(struct buf *b, struct str s)
{
	uint8_t *made;
	size_t n = 0;

	if (skip_ascii(s.p, s.n, 0) == s.n) {
		buf_addstr(b, s);
		return;
	}
	made = u8_normalize(UNINORM_NFC, (const uint8_t *)s.p, s.n, NULL, &n);
	if (made != NULL)
		buf_add(b, made, n);
	else
		buf_addstr(b, s);
	free(made);
}

void
utf8_fold(struct buf *b, struct str s)
{
	uint8_t *made;
	size_t n = 0;

	made = u8_casefold(
	    (const uint8_t *)s.p, s.n, NULL, UNINORM_NFKC, NULL, &n);
	if (made != NULL)
		buf_add(b, made, n);
	else
		buf_addstr(b, s);
	free(made);
}

bool
utf8_is_space(uint32_t cp)
{
	return cp == ' ' || (cp >= '\t' && cp <= '\r') || cp == 0x85 ||
	       cp == 0xA0 || cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200A) ||
	       cp == 0x2028 || cp == 0x2029 || cp == 0x202F || cp == 0x205F ||
	       cp == 0x3000;
}

bool
utf8_is_invisible(uint32_t cp)
{
	return cp == 0xAD || cp == 0x34F || cp == 0x61C || cp == 0x200B ||
	       cp == 0x200E || cp == 0x200F || (cp >= 0x202A && cp <= 0x202E) ||
	       (cp >= 0x2060 && cp <= 0x206F) || cp == 0xFEFF ||
	       (cp >= 0xE0000 && cp <= 0xE007F);
}

bool
utf8_is_rtl(uint32_t cp)
{
	int category = uc_bidi_category(cp);

	return category == UC_BIDI_R || category == UC_BIDI_AL;
}

void
utf8_library(struct buf *b)
{
	buf_printf(b, "libunistring %d.%d.%d\n", _libunistring_version >> 16,
	    _libunistring_version >> 8 & 0xff, _libunistring_version & 0xff);
}
