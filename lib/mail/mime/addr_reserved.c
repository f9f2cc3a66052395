#include "mail/mime/addr_reserved.h"

#include <stdbool.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Is the domain one of these, or below it? */
static bool
is_below(struct str domain, const char *const *names, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		struct str name = str_of(names[i]), end = name;

		if (domain.n < name.n)
			continue;
		end.p = domain.p + domain.n - name.n;
		if (str_eq(end, name) &&
		    (domain.n == name.n || end.p[-1] == '.'))
			return true;
	}
	return false;
}

int
addr_reserved_check(struct str domain, struct fail *f)
{
	static const char *const reserved[] = {"example", "test", "invalid",
	    "localhost", "example.com", "example.net", "example.org"};
	static const char *const unreachable[] = {
	    "local",               /* RFC 6762 */
	    "localdomain",         /* of hosts without a name */
	    "onion",               /* RFC 7686 */
	    "internal",            /* ICANN, for private use */
	    "alt",                 /* RFC 9476 */
	    "arpa",                /* RFC 3172 */
	    "home", "corp", "lan", /* never to be delegated */
	};

	if (is_below(domain, reserved, COUNT(reserved)))
		return fail_data(f, "the domain is reserved (RFC 2606)");
	if (is_below(domain, unreachable, COUNT(unreachable)))
		return fail_data(
		    f, "the domain is reserved: no mail reaches it");
	return 0;
}
