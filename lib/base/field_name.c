#include "base/field_name.h"

#include <string.h>

#include "base/ascii.h"
#include "base/utf8.h"

/* Signs that make a section, a comment ... of a tag. */
static const char signs[] = "#^/>!=&{<$";

static bool
is_unfit(uint32_t cp)
{
	return utf8_is_space(cp) || utf8_is_invisible(cp) || cp < ' ' ||
	       (cp >= 0x7F && cp <= 0x9F) || cp == '.' || cp == '{' ||
	       cp == '}';
}

bool
field_name_is_valid(struct str s)
{
	size_t i = 0;

	if (s.n == 0 || memchr(signs, s.p[0], sizeof(signs) - 1) != NULL)
		return false;
	while (i < s.n) {
		if (is_unfit(utf8_next(s.p, s.n, &i)))
			return false;
	}
	return true;
}

static bool
is_letter(uint32_t cp)
{
	return cp < 0x80 ? ascii_is_alnum((char)cp) || cp == '_'
			 : !is_unfit(cp);
}

void
field_name_make(struct buf *b, struct str s)
{
	size_t start = b->len, i = 0, at;
	bool gap = false;

	while (i < s.n) {
		at = i;
		if (!is_letter(utf8_next(s.p, s.n, &i))) {
			gap = true;
			continue;
		}
		if (gap && b->len > start)
			buf_addc(b, '_');
		gap = false;
		buf_add(b, s.p + at, i - at);
	}
}
