#include "base/csv_put.h"

#include <string.h>

static bool
needs_quotes(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (strchr(",\"\r\n", s.p[i]) != NULL)
			return true;
	}
	return false;
}

/* Quotes do not keep a spreadsheet from computing. */
static bool
is_formula(struct str s)
{
	return s.n > 0 && s.p[0] != '\0' && strchr("=+-@\t\r", s.p[0]) != NULL;
}

void
csv_put(struct buf *b, struct str s, enum csv_put_form form, bool always)
{
	bool quotes = always || needs_quotes(s);

	if (quotes)
		buf_addc(b, '"');
	if (form == CSV_PUT_SHEET && is_formula(s))
		buf_addc(b, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_addc(b, '"');
		buf_addc(b, s.p[i]);
	}
	if (quotes)
		buf_addc(b, '"');
}
