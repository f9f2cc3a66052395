#include "mail/bounce/bounce_address.h"

#include <string.h>
#include <strings.h>

#include "base/ascii.h"

static bool
is_local(char c)
{
	return ascii_is_alnum(c) || (unsigned char)c >= 0x80 ||
	       (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~.", c) != NULL);
}

static bool
is_domain(char c)
{
	return ascii_is_alnum(c) || (unsigned char)c >= 0x80 || c == '-' ||
	       c == '.' || c == '_';
}

/* Where the local part that ends before at begins: atoms, or a quoted one. */
static size_t
find_start(struct str s, size_t at, size_t floor)
{
	size_t i = at;

	if (at > floor && s.p[at - 1] == '"') {
		for (i = at - 1; i > floor; i--) {
			if (s.p[i - 1] == '\n')
				return at;
			if (s.p[i - 1] == '"')
				return i - 1;
		}
		return at;
	}
	while (i > floor && is_local(s.p[i - 1]))
		i--;
	while (i < at && (s.p[i] == '\'' || s.p[i] == '.' || s.p[i] == '=' ||
			     s.p[i] == '`' || s.p[i] == '*' || s.p[i] == '-'))
		i++;
	return i;
}

struct str
bounce_address_next(struct str s, size_t *i)
{
	size_t floor = *i, at, from, to;
	const char *p;

	while (
	    (p = *i < s.n ? memchr(s.p + *i, '@', s.n - *i) : NULL) != NULL) {
		at = (size_t)(p - s.p);
		from = find_start(s, at, floor);
		for (to = at + 1; to < s.n && is_domain(s.p[to]); to++)
			;
		while (to > at + 1 && strchr(".-_", s.p[to - 1]) != NULL)
			to--;
		*i = floor = to > at ? to : at + 1;
		if (from < at && to > at + 1)
			return (struct str){s.p + from, to - from};
	}
	*i = s.n;
	return (struct str){0};
}

bool
bounce_address_same(struct str a, struct str b)
{
	return a.n == b.n && a.n > 0 && strncasecmp(a.p, b.p, a.n) == 0;
}

bool
bounce_address_in(struct str text, struct str address)
{
	struct str found;
	size_t i = 0;

	while ((found = bounce_address_next(text, &i)).p != NULL) {
		if (bounce_address_same(found, address))
			return true;
	}
	return false;
}

struct str
bounce_address_local(struct str s)
{
	const char *at = s.n > 0 ? memrchr(s.p, '@', s.n) : NULL;

	return (struct str){s.p, at != NULL ? (size_t)(at - s.p) : s.n};
}

bool
bounce_address_is_role(struct str address)
{
	static const char *const roles[] = {"postmaster", "mailer-daemon",
	    "mailerdaemon", "mail-daemon", "maildaemon", "mdaemon", "daemon",
	    "abuse", "support", "helpdesk", "help", "noc", "noreply",
	    "no-reply", "donotreply", "do-not-reply", "hostmaster", "webmaster",
	    "root", "mailsys", "mailadmin", "feedback"};
	struct str local = bounce_address_local(address);

	for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++) {
		if (str_is_nocase(local, roles[i]))
			return true;
	}
	return false;
}
