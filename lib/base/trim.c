#include "base/trim.h"

#include <stdbool.h>

#include "base/utf8.h"

static bool
is_unseen(uint32_t cp)
{
	return utf8_is_space(cp) || cp == 0x200C || cp == 0x200D ||
	       utf8_is_invisible(cp);
}

static bool
is_seen_ascii(char c)
{
	return c > ' ' && c <= '~';
}

/* The offset of the last character. */
static size_t
find_last(struct str s)
{
	size_t i = s.n - 1;

	while (i > 0 && ((unsigned char)s.p[i] & 0xC0) == 0x80)
		i--;
	return i;
}

struct str
trim_text(struct str s)
{
	while (s.n > 0 && !is_seen_ascii(s.p[0])) {
		size_t i = 0;

		if (!is_unseen(utf8_next(s.p, s.n, &i)))
			break;
		s.p += i;
		s.n -= i;
	}
	while (s.n > 0 && !is_seen_ascii(s.p[s.n - 1])) {
		size_t last = find_last(s), i = last;

		if (!is_unseen(utf8_next(s.p, s.n, &i)))
			break;
		s.n = last;
	}
	return s;
}
