#include "mail/html/source.h"

#include <string.h>

#include "mail/html/html_tags.h"

static size_t
count_text(struct str s, struct str text)
{
	const char *p = s.p, *end = s.p + s.n;
	size_t n = 0;

	while ((p = memmem(p, (size_t)(end - p), text.p, text.n)) != NULL) {
		n++;
		p += text.n;
	}
	return n;
}

/* The line of an occurrence, from 0, or of the last one; 0: not found. */
static size_t
find_line(struct str s, struct str text, size_t number)
{
	const char *p = s.p, *end = s.p + s.n;
	size_t at = s.n;

	if (text.n == 0)
		return 0;
	do {
		p = memmem(p, (size_t)(end - p), text.p, text.n);
		if (p == NULL)
			break;
		at = (size_t)(p - s.p);
		p += text.n;
	} while (number-- > 0);
	return at < s.n ? html_tags_line(s, at) : 0;
}

/* The line of a quoted value of the tag; 0: not found. */
static size_t
find_value(const struct source *s, size_t at, struct str value)
{
	struct str before = {s->bytes.p, at};
	struct str quoted = {value.p - 1, value.n + 2};

	if (value.n == 0 || value.p[-1] != '"')
		return 0;
	return find_line(s->markdown, value, count_text(before, quoted));
}

static size_t
find_tag(const struct source *s, size_t at)
{
	struct str before = {s->bytes.p, at}, name, value, text;
	struct html_tag tag;
	size_t line, next = at, i = 0;

	if (!html_tags_next(s->bytes, &next, &tag) || tag.at != at)
		return 0;
	text = (struct str){s->bytes.p + at, tag.end - at};
	line = find_line(s->markdown, text, count_text(before, text));
	while (
	    line == 0 && html_tags_attribute(tag.attributes, &i, &name, &value))
		line = find_value(s, at, value);
	if (line > 0)
		return line;
	text = (struct str){s->bytes.p + tag.end, 0};
	while (tag.end + text.n < s->bytes.n &&
	       strchr("<&\n", text.p[text.n]) == NULL)
		text.n++;
	return find_line(s->markdown, text, count_text(before, text));
}

size_t
source_line(const struct source *s, size_t at)
{
	size_t line;

	if (s->markdown.p == NULL)
		return html_tags_line(s->bytes, at);
	line = find_tag(s, at);
	return line > 0 ? line : 1;
}
