#include "mail/message/lint_link.h"

#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "mail/html/html_field.h"

static bool
is_any(struct str s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (str_is_nocase(s, *words))
			return true;
	return false;
}

/* The scheme without its ":", or nothing. */
static struct str
find_scheme(struct str s)
{
	size_t i = 0;

	while (i < s.n && (ascii_is_alnum(s.p[i]) ||
			      (i > 0 && strchr("+-.", s.p[i]) != NULL)))
		i++;
	if (i == 0 || i == s.n || s.p[i] != ':' || !ascii_is_letter(s.p[0]))
		i = 0;
	return (struct str){s.p, i};
}

/* A name or number of this machine, or of a network that nobody else is in. */
static bool
is_local_host(struct str host)
{
	static const char *const names[] = {"localhost", "0.0.0.0", NULL};
	static const char *const starts[] = {"127.", "10.", "192.168.",
	    "169.254.", "[::1]", "[fe80", "[fd", NULL};
	static const char *const ends[] = {
	    ".localhost", ".local", ".internal", ".lan", NULL};

	if (is_any(host, names))
		return true;
	for (size_t i = 0; starts[i] != NULL; i++)
		if (host.n >= strlen(starts[i]) &&
		    strncasecmp(host.p, starts[i], strlen(starts[i])) == 0 &&
		    (starts[i][0] == '[' || ascii_is_digit(host.p[host.n - 1])))
			return true;
	if (str_starts(host, "172.") && host.n > 6 && host.p[6] == '.' &&
	    memcmp(host.p + 4, "16", 2) >= 0 &&
	    memcmp(host.p + 4, "31", 2) <= 0)
		return true;
	for (size_t i = 0; ends[i] != NULL; i++) {
		size_t n = strlen(ends[i]);

		if (host.n > n &&
		    strncasecmp(host.p + host.n - n, ends[i], n) == 0)
			return true;
	}
	return false;
}

/* A name with a dot that no label is empty in, or a number in brackets. */
static bool
is_good_host(struct str host)
{
	if (host.n > 2 && host.p[0] == '[')
		return host.p[host.n - 1] == ']';
	for (size_t i = 0; i < host.n; i++) {
		char c = host.p[i];
		bool dot = c == '.';

		if (dot && (i == 0 || host.p[i - 1] == '.'))
			return false;
		if (!dot && c != '-' && c != '_' && !ascii_is_alnum(c) &&
		    !(c & 0x80))
			return false;
	}
	return memchr(host.p, '.', host.n) != NULL;
}

static const char malformed[] = "error: a malformed address";
static const char local[] =
    "error: an address of one's own computer or network";
static const char relative[] = LINT_LINK_RELATIVE;
static const char unknown[] = "error: an address whose scheme is unknown";
static const char nowhere[] = "error: a link that leads nowhere";

/* What is wrong with //host:port/path, or NULL. */
static const char *
judge_authority(struct str s)
{
	struct str host, port;
	size_t n = 0;

	if (!str_starts(s, "//"))
		return malformed;
	host = (struct str){s.p + 2, s.n - 2};
	while (n < host.n && strchr("/?#\\", host.p[n]) == NULL)
		n++;
	host.n = n;
	if (memmem(host.p, host.n, "{{", 2) != NULL)
		return NULL;
	if (memchr(host.p, '@', host.n) != NULL)
		str_take(&host, STR("@"));
	port = host;
	if (host.n > 0 && host.p[0] != '[') {
		host = str_take(&port, STR(":"));
		for (size_t i = 0; i < port.n; i++)
			if (!ascii_is_digit(port.p[i]))
				return malformed;
		if (host.n > 0 && host.p + host.n < s.p + s.n &&
		    host.p[host.n] == ':' && port.n == 0)
			return malformed;
	}
	if (is_local_host(host))
		return local;
	return is_good_host(host) ? NULL : malformed;
}

static bool
has_space(struct str s)
{
	for (size_t i = 0; i < s.n;) {
		size_t n = str_starts((struct str){s.p + i, s.n - i}, "{{")
			       ? html_field_length(s.p + i, s.n - i)
			       : 0;

		if (n == 0 && ascii_is_space(s.p[i]))
			return true;
		i += n > 0 ? n : 1;
	}
	return false;
}

static const char *
judge_address(struct str s)
{
	static const char *const web[] = {"http", "https", "ftp", NULL};
	static const char *const own[] = {
	    "file", "blob", "about", "res", "chrome", NULL};
	static const char *const others[] = {"tel", "sms", "geo", "webcal",
	    "xmpp", "sip", "sips", "facetime", "skype", "whatsapp", "tg",
	    "msteams", "zoommtg", "zoomus", "matrix", "irc", "ircs", "news",
	    "callto", "maps", "market", "itms-apps", "sftp", "ssh", "git",
	    "urn", "doi", "mid", "data", "cid", "javascript", NULL};
	struct str scheme = find_scheme(s);
	struct str rest = {s.p + scheme.n, s.n - scheme.n};

	if (scheme.n == 0 || (s.n > 2 && scheme.n == 1))
		return scheme.n == 1 ? local : relative; /* C:\a */
	if (rest.n > 0)
		rest = (struct str){rest.p + 1, rest.n - 1};
	if (is_any(scheme, web))
		return has_space(s) ? malformed : judge_authority(rest);
	if (is_any(scheme, own))
		return local;
	if (str_is_nocase(scheme, "mailto"))
		return has_space(s) ||
			       (rest.n > 0 && rest.p[0] != '?' &&
				   memchr(rest.p, '@', rest.n) == NULL &&
				   memmem(rest.p, rest.n, "{{", 2) == NULL &&
				   memmem(rest.p, rest.n, "%40", 3) == NULL)
			   ? malformed
			   : NULL;
	/* "www.x.org:80/" has no scheme. */
	if (memchr(scheme.p, '.', scheme.n) != NULL)
		return relative;
	return is_any(scheme, others) ? NULL : unknown;
}

/* True if an element of the source has this id or name. */
static bool
has_target(const struct lint *l, struct str id)
{
	struct html_tag t;
	size_t at = 0;

	while (html_tags_next(l->html, &at, &t))
		if (str_eq(html_tags_value(&t, "id"), id) ||
		    str_eq(html_tags_value(&t, "name"), id))
			return true;
	return false;
}

static void
judge_value(
    struct lint *l, const struct html_tag *t, struct str value, bool link)
{
	struct str s = str_strip(value, " \t\r\n\f");
	const char *text;

	if (s.n > 0 && s.p[0] == '#' && s.n > 1 && link)
		text = has_target(l, (struct str){s.p + 1, s.n - 1}) ? NULL
								     : nowhere;
	else if (s.n == 0 || str_is(s, "#"))
		text = link ? nowhere : malformed;
	else if (s.p[0] == '{' || str_starts(s, "%%") || str_starts(s, "*|"))
		return; /* a tag */
	else
		text = judge_address(s);
	if (text != NULL)
		lint_report_words(l, t->at, text, value);
}

/* "a.png 1x, b.png 2x" */
static void
judge_candidates(struct lint *l, const struct html_tag *t, struct str list)
{
	while (list.n > 0) {
		struct str one = str_take(&list, STR(", "));

		one = str_strip(one, " \t\r\n\f");
		if (str_starts(one, "data:"))
			return;
		judge_value(l, t, str_take(&one, STR(" ")), false);
	}
}

/* <a href="https://x.org/>text</a> ... <a href="y">: a quote is missing. */
static bool
check_quotes(struct lint *l, const struct html_tag *t)
{
	struct str key, value;
	size_t at = 0;

	while (html_tags_attribute(t->attributes, &at, &key, &value)) {
		for (size_t i = 0; i + 1 < value.n; i++) {
			if (value.p[i] != '<' ||
			    !(ascii_is_letter(value.p[i + 1]) ||
				value.p[i + 1] == '/' || value.p[i + 1] == '!'))
				continue;
			lint_report_words(l, t->at,
			    "error: an attribute without its end quote takes "
			    "in the text behind it",
			    key);
			return false;
		}
	}
	return true;
}

void
lint_link_tag(struct lint *l, const struct html_tag *t)
{
	static const char *const pictures[] = {"src", "background", NULL};
	static const char *const links[] = {"a", "area", NULL};
	struct str key, value;
	size_t at = 0;

	if (t->closing || !check_quotes(l, t))
		return;
	while (html_tags_attribute(t->attributes, &at, &key, &value)) {
		struct str v = value.p != NULL ? value : STR("");

		if (str_is_nocase(key, "href") && is_any(t->name, links))
			judge_value(l, t, v, true);
		else if (is_any(key, pictures))
			judge_value(l, t, v, false);
		else if (str_is_nocase(key, "srcset"))
			judge_candidates(l, t, v);
	}
}
