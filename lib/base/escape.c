#include "base/escape.h"

#include <stddef.h>

const char *
escape_reference(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void
escape_html(struct buf *out, struct str s)
{
	size_t from = 0;

	for (size_t i = 0; i < s.n; i++) {
		const char *reference = escape_reference(s.p[i]);

		if (reference == NULL)
			continue;
		buf_add(out, s.p + from, i - from);
		buf_adds(out, reference);
		from = i + 1;
	}
	buf_add(out, s.p + from, s.n - from);
}
