#include "base/utf8.h"
#include "base/buf.h"
#include "base/harmless.h"
#include "unit.h"

/* The offset of the first invalid byte, as Python's decoder reports it. */
static void
test_validity(void)
{
	static const struct {
		const char *text;
		size_t want;
	} cases[] = {
	    {"", 0},
	    {"abc", 3},
	    {"\x7f", 1},
	    {"\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80", 13},
	    {"\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 11},
	    {"\x80", 0},
	    {"a\xc0\x80", 1},
	    {"\xc1\xbf", 0},
	    {"abcdefgh\xc3", 8},
	    {"\xc3\x41", 0},
	    {"\xc3\xa9\xe0\x9f\xbf", 2},
	    {"\xe2\x82", 0},
	    {"\xed\xa0\x80", 0},
	    {"\xed\xbf\xbf", 0},
	    {"\xf0\x8f\xbf\xbf", 0},
	    {"\xf0\x9f\x98", 0},
	    {"\xf0\x9f\x98\xc3\xa9", 0},
	    {"\xf4\x90\x80\x80", 0},
	    {"\xf5\x80\x80\x80", 0},
	    {"\xff", 0},
	    {"1234567\xc3\xa9"
	     "1234567\xc3\xa9"
	     "123\xfe",
		21},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t got = utf8_valid(cases[i].text, strlen(cases[i].text));

		ok(got == cases[i].want, "valid %zu: %zu", i, got);
	}
}

/* Encode and decode every code point; surrogates are invalid. */
static void
test_round_trip(void)
{
	struct buf b = {0};
	size_t bad = 0, surrogates = 0, i;

	for (uint32_t cp = 1; cp <= 0x10FFFF; cp++) {
		bool surrogate = cp >= 0xD800 && cp <= 0xDFFF;

		buf_reset(&b);
		utf8_put(&b, cp);
		if (surrogate) {
			surrogates += utf8_valid(b.p, b.len) == 0;
			continue;
		}
		i = 0;
		if (utf8_valid(b.p, b.len) != b.len ||
		    utf8_next(b.p, b.len, &i) != cp || i != b.len)
			bad++;
	}
	ok(bad == 0, "every code point");
	ok(surrogates == 0x800, "no surrogate");
	buf_free(&b);
}

/* Count the valid strings of 1 to 4 bytes: exactly the scalar values. */
static void
test_count(void)
{
	size_t two = 0, three = 0, four = 0;
	char s[4];

	for (int a = 0x80; a < 256; a++) {
		s[0] = (char)a;
		for (int b = 0; b < 256; b++) {
			s[1] = (char)b;
			two += utf8_valid(s, 2) == 2;
			for (int c = 0x70; c < 0xD0; c++) {
				s[2] = (char)c;
				if (b >= 0x80)
					three += utf8_valid(s, 3) == 3;
				for (int d = 0x7F; a >= 0xF0 && d < 0xC1; d++) {
					s[3] = (char)d;
					four += utf8_valid(s, 4) == 4;
				}
			}
		}
	}
	ok(two == 0x800 - 0x80, "%zu of two bytes", two);
	/* Three bytes alone, or two bytes and one of the 16 ASCII bytes. */
	ok(three == 0x10000 - 0x800 - 0x800 + (0x800 - 0x80) * 16,
	    "%zu of three bytes", three);
	ok(four == 0x100000, "%zu of four bytes", four);
}

static void
test_cut(void)
{
	static const char s[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80";
	static const size_t want[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};

	for (size_t max = 0; max < 12; max++)
		ok(utf8_cut(str_of(s), max) == want[max], "cut at %zu", max);
}

/* Columns: wide 2, combining 0, a cluster at most 2. */
static void
test_columns(void)
{
	static const struct {
		const char *text;
		size_t want;
	} cases[] = {
	    {"", 0},
	    {"abc", 3},
	    {"\xc3\xa9", 1},
	    {"e\xcc\x81", 1},
	    {"\xe6\x97\xa5\xe6\x9c\xac", 4},
	    {"\xea\xb0\x80", 2},
	    {"\xe1\x84\x80\xe1\x85\xa1", 2}, /* conjoining Hangul */
	    {"\xef\xbc\xa1", 2},             /* full-width A */
	    {"\xef\xbd\xb1", 1},             /* half-width katakana */
	    {"\xf0\x9f\x98\x80", 2},
	    {"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7", 2}, /* ZWJ */
	    {"\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa", 2},             /* flag */
	    {"\xe2\x9d\xa4\xef\xb8\x8f", 2}, /* heart, emoji style */
	    {"\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", 4},
	    {"\xe2\x80\x8b", 0},
	    {"a\xe2\x80\x8d"
	     "b",
		2},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t got = utf8_columns(str_of(cases[i].text));

		ok(got == cases[i].want, "columns %zu: %zu", i, got);
	}
}

/* From Unicode's GraphemeBreakTest and well-known sequences. */
static void
test_graphemes(void)
{
	static const struct {
		const char *text;
		size_t end;
	} cases[] = {
	    {"ab", 1},
	    {"e\xcc\x81x", 3},
	    {"\r\nx", 2},
	    {"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7x", 11},
	    {"\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa\xf0\x9f\x87\xa9", 8},
	    {"\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbfx", 8}, /* skin tone */
	    {"\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8x", 9},
	    {"a", 1},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *s = cases[i].text;
		size_t got = utf8_grapheme(s, strlen(s), 0);

		ok(got == cases[i].end, "grapheme %zu: %zu", i, got);
	}
	ok(utf8_grapheme("ab", 2, 2) == 2, "at the end");
}

static void
test_properties(void)
{
	static const uint32_t hidden[] = {0x200B, 0x200E, 0x202A, 0x202E,
	    0x2060, 0x2066, 0x2069, 0xFEFF, 0xE0001, 0xE007F, 0xAD, 0x61C};
	static const uint32_t shown[] = {
	    'a', ' ', 0xE9, 0x200C, 0x200D, 0xFE0F, 0x301, 0x5D0, 0x1F600};
	static const uint32_t rtl[] = {
	    0x5D0, 0x627, 0x710, 0x7C0, 0x1E900, 0xFB1D};
	static const uint32_t ltr[] = {'a', '1', ' ', 0x660, 0x3B1, 0x4E00};

	for (size_t i = 0; i < sizeof(hidden) / sizeof(*hidden); i++)
		ok(utf8_is_invisible(hidden[i]), "%X is hidden", hidden[i]);
	for (size_t i = 0; i < sizeof(shown) / sizeof(*shown); i++)
		ok(!utf8_is_invisible(shown[i]), "%X is not", shown[i]);
	for (size_t i = 0; i < sizeof(rtl) / sizeof(*rtl); i++)
		ok(utf8_is_rtl(rtl[i]), "%X from right to left", rtl[i]);
	for (size_t i = 0; i < sizeof(ltr) / sizeof(*ltr); i++)
		ok(!utf8_is_rtl(ltr[i]), "%X is not", ltr[i]);
}

static void
test_normal_form(void)
{
	struct buf b = {0};

	utf8_nfc(&b, str_of("abc"));
	utf8_nfc(&b, str_of("e\xcc\x81"));
	utf8_nfc(&b, str_of("\xe2\x84\xab"));             /* Angstrom sign */
	utf8_nfc(&b, str_of("\xe1\x84\x80\xe1\x85\xa1")); /* Hangul */
	utf8_nfc(&b, str_of(""));
	same(buf_str(&b), "abc\xc3\xa9\xc3\x85\xea\xb0\x80", "NFC");
	buf_free(&b);
}

/* Each byte at each place of a word and behind it. */
static void
test_printable(void)
{
	char text[19];
	size_t wrong = 0;

	for (int c = 0; c < 256; c++) {
		for (size_t at = 0; at < sizeof(text); at++) {
			bool good = c >= 0x20 && c <= 0x7E;

			memset(text, at % 2 == 0 ? ' ' : '~', sizeof(text));
			text[at] = (char)c;
			wrong += utf8_printable(text, sizeof(text)) !=
				 (good ? sizeof(text) : at);
		}
	}
	ok(wrong == 0, "printable ASCII ends at the first other byte");
	ok(utf8_printable(text, 0) == 0, "nothing is printable");
}

/* Unicode's controls (Cc, Zl, Zp and the bidi controls), and all the rest. */
static bool
is_control(uint32_t cp)
{
	static const uint32_t others[] = {0x61C, 0x200E, 0x200F, 0x2028, 0x2029,
	    0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068,
	    0x2069};

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		if (cp == others[i])
			return true;
	}
	return cp < 0x20 || (cp >= 0x7F && cp <= 0x9F);
}

static void
test_harmless(void)
{
	char s[8];
	struct buf b = {0};
	size_t wrong = 0, kept = 0, n;

	for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
		if (cp >= 0xD800 && cp <= 0xDFFF)
			continue;
		buf_reset(&b);
		utf8_put(&b, cp);
		memcpy(s, b.p, b.len);
		n = harmless_text(s, b.len);
		if (n == b.len && memcmp(s, b.p, n) == 0 && !is_control(cp))
			kept++;
		else if (n != 1 || s[0] != '?' ||
			 (!is_control(cp) && !utf8_is_invisible(cp)))
			wrong++;
	}
	ok(wrong == 0, "controls become ?: %zu wrong", wrong);
	ok(kept > 0x110000 - 0x800 - 300, "the rest stays: %zu", kept);
	memcpy(s, "a\xff\xe2\x82z", 5);
	n = harmless_text(s, 5);
	ok(n == 5 && memcmp(s, "a???z", 5) == 0, "bytes that are not UTF-8");
	buf_free(&b);
}

int
main(void)
{
	test_harmless();
	test_printable();
	test_validity();
	test_round_trip();
	test_count();
	test_cut();
	test_columns();
	test_graphemes();
	test_properties();
	test_normal_form();
	return unit_end();
}
