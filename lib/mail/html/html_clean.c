#include "mail/html/html_clean.h"

#include "base/utf8.h"

/* Length of the ASCII at p that is copied as it is. */
static size_t
measure_clean_run(const char *p, size_t n)
{
	size_t i = 0;

	while (i < n && (unsigned char)p[i] < 0x80 &&
	       ((unsigned char)p[i] >= ' ' || p[i] == '\n' || p[i] == '\t') &&
	       p[i] != 0x7f)
		i++;
	return i;
}

/* C0 and C1 controls are dropped; a form feed is white space. */
static void
put_character(struct buf *out, uint32_t cp, struct str bytes,
    struct html_fields *f, struct arena *a)
{
	if (cp == '\f')
		buf_addc(out, ' ');
	else if (cp >= HTML_FIELD_FIRST)
		html_field_put(out, f, bytes, a);
	else if (cp >= 0xa0 || cp == '\n')
		buf_addstr(out, bytes);
}

void
html_clean(
    struct buf *out, struct str s, struct html_fields *f, struct arena *a)
{
	size_t i = 0, good = 0; /* UTF-8 is valid up to good */

	if (str_starts(s, "\xef\xbb\xbf"))
		i = good = 3;
	while (i < s.n) {
		size_t n = measure_clean_run(s.p + i, s.n - i), at;
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
			/* A truncated sequence is one error as a whole. */
			for (i++;
			     i < s.n && ((unsigned char)s.p[i] & 0xc0) == 0x80;)
				i++;
			continue;
		}
		at = i;
		cp = utf8_next(s.p, good, &i);
		put_character(out, cp, (struct str){s.p + at, i - at}, f, a);
	}
}
