#include "mail/roster/roster_text.h"

#include "base/utf8.h"

int
roster_text_check(const char *name, struct str s, struct fail *f)
{
	size_t i = utf8_printable(s.p, s.n);

	if (i == s.n)
		return 0;
	if (utf8_valid(s.p + i, s.n - i) != s.n - i)
		return fail_data(f, "%s is not valid UTF-8", name);
	while (i < s.n) {
		uint32_t cp = utf8_next(s.p, s.n, &i);

		if (cp < 0x20 || (cp >= 0x7F && cp <= 0x9F) || cp == 0x2028 ||
		    cp == 0x2029)
			return fail_data(f, "%s has a control character", name);
	}
	return 0;
}
