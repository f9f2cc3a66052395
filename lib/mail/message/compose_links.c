#include "mail/message/compose_links.h"

#include <string.h>

#include "base/ascii.h"
#include "mail/html/html_tags.h"
#include "mail/text/text_target.h"

/* No scheme, place of this message, or tag of another system. */
static bool
is_relative(struct str s)
{
	size_t i;

	if (s.n == 0 || strchr("#{%*<[$&", s.p[0]) != NULL)
		return false;
	for (i = 0; i < s.n && strchr("/?#", s.p[i]) == NULL; i++)
		if (s.p[i] == ':' || s.p[i] == '\\')
			return false;
	return true;
}

static bool
takes_address(const struct html_tag *t, struct str key)
{
	if (str_is_nocase(key, "href"))
		return str_is_nocase(t->name, "a") ||
		       str_is_nocase(t->name, "area");
	return str_is_nocase(key, "src") || str_is_nocase(key, "background");
}

bool
compose_links_resolve(struct buf *out, struct str html, struct str base)
{
	size_t at = 0, copied = 0, mark = out->len;
	struct html_tag t;

	while (html_tags_next(html, &at, &t)) {
		struct str key, value;
		size_t i = 0;

		while (!t.closing &&
		       html_tags_attribute(t.attributes, &i, &key, &value)) {
			struct str s = str_strip(value, " \t\r\n\f");

			if (!takes_address(&t, key) || !is_relative(s))
				continue;
			buf_add(out, html.p + copied,
			    (size_t)(s.p - html.p) - copied);
			if (!text_target_resolve(out, base, s)) {
				out->len = mark;
				return false;
			}
			copied = (size_t)(s.p + s.n - html.p);
		}
	}
	if (copied == 0)
		return false;
	buf_add(out, html.p + copied, html.n - copied);
	return true;
}
