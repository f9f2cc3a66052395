#include "mail/mime/addr_look.h"

#include <stdbool.h>
#include <stdint.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/utf8.h"

/* Signs that nobody has in an address: word processors put them there. */
static const struct look {
	uint32_t from, to; /* code points */
	char meant;
} signs[] = {
    {0xB4, 0xB4, '\''},     /* acute accent */
    {0x2B9, 0x2BC, '\''},   /* modifier letters: prime ... apostrophe */
    {0x2018, 0x201B, '\''}, /* quotation marks */
    {0x2032, 0x2032, '\''}, /* prime */
    {0x2010, 0x2015, '-'},  /* hyphens and dashes */
    {0x2043, 0x2043, '-'},
    {0x2212, 0x2212, '-'},
};

/* Letters, which are well among others of their script. */
static const struct look letters[] = {
    {0x391, 0x391, 'A'},
    {0x392, 0x392, 'B'},
    {0x395, 0x395, 'E'},
    {0x396, 0x396, 'Z'},
    {0x397, 0x397, 'H'},
    {0x399, 0x399, 'I'},
    {0x39A, 0x39A, 'K'},
    {0x39C, 0x39C, 'M'},
    {0x39D, 0x39D, 'N'},
    {0x39F, 0x39F, 'O'},
    {0x3A1, 0x3A1, 'P'},
    {0x3A4, 0x3A4, 'T'},
    {0x3A5, 0x3A5, 'Y'},
    {0x3A7, 0x3A7, 'X'},
    {0x3B1, 0x3B1, 'a'},
    {0x3B9, 0x3B9, 'i'},
    {0x3BD, 0x3BD, 'v'},
    {0x3BF, 0x3BF, 'o'},
    {0x3C1, 0x3C1, 'p'},
    {0x3C5, 0x3C5, 'u'},
    {0x405, 0x405, 'S'},
    {0x406, 0x406, 'I'},
    {0x408, 0x408, 'J'},
    {0x410, 0x410, 'A'},
    {0x412, 0x412, 'B'},
    {0x415, 0x415, 'E'},
    {0x41A, 0x41A, 'K'},
    {0x41C, 0x41C, 'M'},
    {0x41D, 0x41D, 'H'},
    {0x41E, 0x41E, 'O'},
    {0x420, 0x420, 'P'},
    {0x421, 0x421, 'C'},
    {0x422, 0x422, 'T'},
    {0x425, 0x425, 'X'},
    {0x430, 0x430, 'a'},
    {0x435, 0x435, 'e'},
    {0x43E, 0x43E, 'o'},
    {0x440, 0x440, 'p'},
    {0x441, 0x441, 'c'},
    {0x443, 0x443, 'y'},
    {0x445, 0x445, 'x'},
    {0x455, 0x455, 's'},
    {0x456, 0x456, 'i'},
    {0x458, 0x458, 'j'},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char
find_look(const struct look *looks, size_t count, uint32_t cp)
{
	for (size_t i = 0; i < count; i++) {
		if (cp >= looks[i].from && cp <= looks[i].to)
			return looks[i].meant;
	}
	return '\0';
}

/* The character of ASCII that a normal form has in its place; or NUL. */
static char
find_normal(struct str c, uint32_t cp)
{
	struct buf nfc = {0};
	char made = '\0';

	if (cp >= 0xFF01 && cp <= 0xFF5E) /* full width */
		return (char)(cp - 0xFF01 + '!');
	utf8_nfc(&nfc, c);
	if (nfc.len == 1)
		made = nfc.p[0];
	buf_free(&nfc);
	return made;
}

static bool
has_latin(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (ascii_is_letter(s.p[i]))
			return true;
	}
	return false;
}

int
addr_look_check(struct str local, struct fail *f)
{
	bool latin = has_latin(local);
	size_t i = 0, at;

	while ((at = i) < local.n) {
		uint32_t cp = utf8_next(local.p, local.n, &i);
		struct str c = {local.p + at, i - at};
		char meant;

		if (cp < 0x80)
			continue;
		meant = find_normal(c, cp);
		if (meant == '\0')
			meant = find_look(signs, COUNT(signs), cp);
		if (meant == '\0' && latin)
			meant = find_look(letters, COUNT(letters), cp);
		if (meant != '\0')
			return fail_data(f,
			    "the local part has %.*s (U+%04X), where %c is "
			    "probably meant",
			    (int)c.n, c.p, (unsigned)cp, meant);
	}
	return 0;
}
