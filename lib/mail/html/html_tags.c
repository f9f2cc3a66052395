#include "mail/html/html_tags.h"

#include <string.h>
#include <strings.h>

#include "base/ascii.h"

bool
html_tags_attribute(
    struct str s, size_t *at, struct str *name, struct str *value)
{
	size_t i = *at, start;
	char quote;

	while (i < s.n && (ascii_is_space(s.p[i]) || s.p[i] == '/'))
		i++;
	if (i >= s.n)
		return false;
	start = i++;
	while (i < s.n && !ascii_is_space(s.p[i]) && s.p[i] != '=' &&
	       s.p[i] != '/')
		i++;
	*name = (struct str){s.p + start, i - start};
	*value = (struct str){0};
	while (i < s.n && ascii_is_space(s.p[i]))
		i++;
	*at = i;
	if (i >= s.n || s.p[i] != '=')
		return true;
	for (i++; i < s.n && ascii_is_space(s.p[i]);)
		i++;
	quote = i < s.n && (s.p[i] == '"' || s.p[i] == '\'') ? s.p[i] : '\0';
	start = i += quote != '\0';
	while (i < s.n &&
	       (quote != '\0' ? s.p[i] != quote : !ascii_is_space(s.p[i])))
		i++;
	*value = (struct str){s.p + start, i - start};
	*at = i + (quote != '\0' && i < s.n);
	return true;
}

/* The offset of the ">" that ends a tag; quoted ones do not. */
static size_t
find_tag_end(struct str s, size_t i)
{
	char quote = '\0', before = '\0';

	for (; i < s.n; i++) {
		char c = s.p[i];

		if (quote != '\0') {
			if (c == quote)
				quote = '\0';
		} else if (c == '>') {
			return i;
		} else if ((c == '"' || c == '\'') && before == '=') {
			quote = c;
		}
		if (!ascii_is_space(c))
			before = c;
	}
	return s.n;
}

static size_t
find_offset(struct str s, size_t at, const char *text)
{
	size_t n = strlen(text);
	const char *p = memmem(s.p + at, s.n - at, text, n);

	return p != NULL ? (size_t)(p - s.p) : s.n;
}

/* The offset behind the content of a script or style element. */
static size_t
skip_raw(struct str s, size_t at, struct str name)
{
	for (; (at = find_offset(s, at, "</")) < s.n; at += 2) {
		struct str rest = {s.p + at + 2, s.n - at - 2};

		if (rest.n >= name.n &&
		    strncasecmp(rest.p, name.p, name.n) == 0)
			break;
	}
	return at;
}

static bool
is_raw_text(const struct html_tag *t)
{
	return !t->closing && (str_is_nocase(t->name, "script") ||
				  str_is_nocase(t->name, "style"));
}

static void
read_tag(struct str s, size_t at, struct html_tag *t)
{
	size_t i = at + 1, start, stop;

	t->at = at;
	t->closing = s.p[i] == '/';
	start = i += t->closing;
	while (i < s.n && !ascii_is_space(s.p[i]) && s.p[i] != '>' &&
	       s.p[i] != '/')
		i++;
	t->name = (struct str){s.p + start, i - start};
	stop = find_tag_end(s, i);
	t->attributes = (struct str){s.p + i, stop - i};
	t->end = stop < s.n ? stop + 1 : s.n;
}

bool
html_tags_next(struct str s, size_t *at, struct html_tag *t)
{
	size_t i = *at;

	while ((i = find_offset(s, i, "<")) + 2 < s.n) {
		if (str_starts((struct str){s.p + i, s.n - i}, "<!--")) {
			i = find_offset(s, i + 4, "-->");
			continue;
		}
		if (!ascii_is_letter(s.p[i + 1]) &&
		    !(s.p[i + 1] == '/' && ascii_is_letter(s.p[i + 2]))) {
			i++;
			continue;
		}
		read_tag(s, i, t);
		*at = is_raw_text(t) ? skip_raw(s, t->end, t->name) : t->end;
		return true;
	}
	*at = s.n;
	return false;
}

struct str
html_tags_value(const struct html_tag *t, const char *name)
{
	struct str key, value;
	size_t at = 0;

	while (html_tags_attribute(t->attributes, &at, &key, &value)) {
		if (str_is_nocase(key, name))
			return value.p != NULL ? value : STR("");
	}
	return (struct str){0};
}

size_t
html_tags_line(struct str html, size_t at)
{
	size_t line = 1, i;

	for (i = 0; i < at && i < html.n; i++)
		line += html.p[i] == '\n';
	return line;
}
