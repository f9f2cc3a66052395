#include "base/harmless.h"

#include <string.h>

#include "base/utf8.h"

static bool
is_harmful(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 ||
	       cp == 0x2029 || utf8_is_invisible(cp);
}

size_t
harmless_text(char *p, size_t n)
{
	size_t i = utf8_printable(p, n), to = i, end, at;

	while (i < n) {
		end = i + utf8_valid(p + i, n - i);
		while ((at = i) < end) {
			if (is_harmful(utf8_next(p, end, &i))) {
				p[to++] = '?';
				continue;
			}
			memmove(p + to, p + at, i - at);
			to += i - at;
		}
		if (i < n) {
			p[to++] = '?';
			i++;
		}
	}
	return to;
}
