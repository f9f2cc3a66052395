#include "mail/dkim/dkim_name.h"

#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "mail/mime/addr.h"

#define LABEL_MAX 63
/* "._domainkey." and a domain have to fit behind it, in 253 characters. */
#define SELECTOR_MAX 200

int
dkim_name_check_selector(struct str s, struct fail *f)
{
	struct str rest = s, label;

	if (s.n > SELECTOR_MAX)
		return fail_data(f, "a selector of %zu characters, %d allowed",
		    s.n, SELECTOR_MAX);
	do {
		label = str_take(&rest, STR("."));
		for (size_t i = 0; i < label.n; i++) {
			if (!ascii_is_alnum(label.p[i]) && label.p[i] != '-' &&
			    label.p[i] != '_')
				label.n = 0;
		}
		if (label.n == 0 || label.n > LABEL_MAX)
			return fail_data(f,
			    "\"%.*s\" is no selector: letters, digits, \"-\", "
			    "\"_\" and single dots, such as s2026",
			    (int)s.n, s.p);
	} while (rest.n > 0);
	return s.p[s.n - 1] != '.' ? 0
				   : fail_data(f, "a selector ends with a dot");
}

int
dkim_name_parse_domain(
    struct str *domain, struct str text, struct arena *arena, struct fail *f)
{
	struct str s =
	    str_of(arena_printf(arena, "x@%.*s", (int)text.n, text.p));
	struct addr a;

	if (addr_parse(&a, s, ADDR_RESERVED, arena, f) < 0)
		return -1;
	*domain = a.domain;
	return 0;
}

bool
dkim_name_covers(struct str d, struct str domain)
{
	const char *tail;

	if (d.n == 0 || d.n > domain.n)
		return false;
	tail = domain.p + (domain.n - d.n);
	return strncasecmp(tail, d.p, d.n) == 0 &&
	       (tail == domain.p || tail[-1] == '.');
}
