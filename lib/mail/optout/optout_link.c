#include "mail/optout/optout_link.h"

#include <stdbool.h>
#include <string.h>

static bool
is_url_char(char c)
{
	return c > 0x20 && c < 0x7F && strchr("<>\"\\^`{|},#", c) == NULL;
}

static bool
is_loopback(struct str url)
{
	static const char *const hosts[] = {
	    "http://127.0.0.1", "http://localhost", "http://[::1]"};
	size_t i;

	for (i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		size_t n = strlen(hosts[i]);

		if (str_starts(url, hosts[i]) &&
		    (url.n == n || strchr(":/?", url.p[n]) != NULL))
			return true;
	}
	return false;
}

int
optout_link_check(struct str url, struct fail *f)
{
	size_t i;

	for (i = 0; i < url.n; i++) {
		if (!is_url_char(url.p[i]))
			return fail_system(f,
			    "the opt-out address has a character that may "
			    "not stand there, at byte %zu",
			    i + 1);
	}
	if (str_starts(url, "https://") && url.n > strlen("https://"))
		return 0;
	if (is_loopback(url))
		return 0;
	return fail_system(f, "the opt-out address is not https");
}

void
optout_link_page(struct buf *b, struct str url, struct str token)
{
	bool query = memchr(url.p, '?', url.n) != NULL;

	buf_addstr(b, url);
	buf_adds(b, query ? "&t=" : "?t=");
	buf_addstr(b, token);
}

void
optout_link_mailto(struct buf *b, struct str address, struct str token)
{
	buf_adds(b, "mailto:");
	buf_addstr(b, address);
	buf_adds(b, "?subject=");
	buf_addstr(b, token);
}
