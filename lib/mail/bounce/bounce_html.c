#include "mail/bounce/bounce_html.h"

#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/utf8.h"

static const struct {
	const char *name;
	const char *text;
} references[] = {{"lt;", "<"}, {"gt;", ">"}, {"amp;", "&"}, {"quot;", "\""},
    {"nbsp;", " "}, {"apos;", "'"}, {"zwnj;", ""}};

/* The length of the reference behind "&", or 0. */
static size_t
put_reference(struct buf *b, struct str s)
{
	unsigned long code = 0;
	size_t i;

	for (i = 0; i < sizeof(references) / sizeof(*references); i++) {
		if (str_starts(s, references[i].name)) {
			buf_adds(b, references[i].text);
			return strlen(references[i].name);
		}
	}
	if (s.n < 3 || s.p[0] != '#')
		return 0;
	for (i = 1; i < s.n && i < 7 && ascii_is_digit(s.p[i]); i++)
		code = code * 10 + (unsigned long)(s.p[i] - '0');
	if (i == 1 || i >= s.n || s.p[i] != ';' || code < ' ' ||
	    code > 0xffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	utf8_put(b, (uint32_t)code);
	return i + 1;
}

static bool
is_tag(struct str tag, const char *name)
{
	size_t n = strlen(name);

	return tag.n >= n && strncasecmp(tag.p, name, n) == 0 &&
	       (tag.n == n || !ascii_is_alnum(tag.p[n]));
}

/* Elements whose tags end the line before. */
static bool
is_block(struct str tag)
{
	static const char *const blocks[] = {"br", "p", "div", "tr", "td", "li",
	    "h1", "h2", "h3", "h4", "table", "pre", "hr", "th", "ul", "dt"};

	if (tag.n > 0 && tag.p[0] == '/')
		tag = (struct str){tag.p + 1, tag.n - 1};
	for (size_t i = 0; i < sizeof(blocks) / sizeof(*blocks); i++) {
		if (is_tag(tag, blocks[i]))
			return true;
	}
	return false;
}

/* The offset behind the end of a tag; what has no end is dropped. */
static size_t
skip_tag(struct buf *b, struct str s)
{
	static const char *const hidden[] = {"style", "script", "title"};
	const char *end = memchr(s.p, '>', s.n), *stop;
	struct str tag;
	size_t i;

	if (str_starts(s, "<!--")) {
		stop = memmem(s.p, s.n, "-->", 3);
		return stop != NULL ? (size_t)(stop - s.p) + 3 : s.n;
	}
	if (end == NULL)
		return s.n;
	tag = (struct str){s.p + 1, (size_t)(end - s.p) - 1};
	/* "<user@example.org>" that somebody did not escape. */
	if (memchr(tag.p, '@', tag.n) != NULL &&
	    memchr(tag.p, ' ', tag.n) == NULL) {
		buf_add(b, s.p, tag.n + 2);
		return tag.n + 2;
	}
	if (is_block(tag))
		buf_addc(b, '\n');
	for (i = 0; i < sizeof(hidden) / sizeof(*hidden); i++) {
		if (!is_tag(tag, hidden[i]))
			continue;
		stop = memmem(end, s.n - tag.n - 1, "</", 2);
		return stop != NULL ? (size_t)(stop - s.p) : s.n;
	}
	return tag.n + 2;
}

void
bounce_html_text(struct buf *b, struct str html)
{
	size_t i = 0, n;

	while (i < html.n) {
		struct str rest = {html.p + i, html.n - i};

		if (html.p[i] == '<') {
			i += skip_tag(b, rest);
			continue;
		}
		i++;
		n = html.p[i - 1] == '&'
			? put_reference(b, (struct str){rest.p + 1, rest.n - 1})
			: 0;
		if (n == 0)
			buf_addc(b, html.p[i - 1]);
		i += n;
	}
}
