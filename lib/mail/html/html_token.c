#include "mail/html/html_token.h"

#include <string.h>
#include <strings.h>

#include "base/ascii.h"

static bool
begins_with(struct str s, size_t i, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.n - i >= n && strncasecmp(s.p + i, prefix, n) == 0;
}

/* The end of a token that lasts through the next ">". */
static void
end_at_bracket(struct str s, size_t from, struct html_token *t)
{
	const char *p = memchr(s.p + from, '>', s.n - from);

	t->open = p == NULL;
	t->end = p == NULL ? s.n : (size_t)(p - s.p) + 1;
}

/* <!--> and <!---> are whole comments, and --!> ends a comment. */
static void
read_comment(struct str s, struct html_token *t)
{
	size_t i = t->at + 4;

	t->kind = HTML_TOKEN_COMMENT;
	t->open = false;
	t->end = i + 1;
	if (begins_with(s, i, ">"))
		return;
	t->end = i + 2;
	if (begins_with(s, i, "->"))
		return;
	for (; i < s.n; i++) {
		const char *dash = memchr(s.p + i, '-', s.n - i);

		if (dash == NULL)
			break;
		i = (size_t)(dash - s.p);
		t->end = i + 3;
		if (begins_with(s, i, "-->"))
			return;
		t->end = i + 4;
		if (begins_with(s, i, "--!>"))
			return;
	}
	t->open = true;
	t->end = s.n;
}

static size_t
skip_space(struct str s, size_t i)
{
	while (i < s.n && ascii_is_space(s.p[i]))
		i++;
	return i;
}

/* The offset behind the value of an attribute, or the end of the source. */
static size_t
skip_value(struct str s, size_t i)
{
	const char *quote;

	i = skip_space(s, i);
	if (i == s.n || s.p[i] == '>')
		return i;
	if (s.p[i] == '"' || s.p[i] == '\'') {
		quote = memchr(s.p + i + 1, s.p[i], s.n - i - 1);
		return quote != NULL ? (size_t)(quote - s.p) + 1 : s.n;
	}
	while (i < s.n && !ascii_is_space(s.p[i]) && s.p[i] != '>')
		i++;
	return i;
}

/* The offset behind the attribute that begins at i. */
static size_t
skip_attribute(struct str s, size_t i)
{
	/* An "=" in front of a name is its first character. */
	i++;
	while (i < s.n && !ascii_is_space(s.p[i]) &&
	       memchr("/>=", s.p[i], 3) == NULL)
		i++;
	i = skip_space(s, i);
	return i < s.n && s.p[i] == '=' ? skip_value(s, i + 1) : i;
}

static void
read_tag(struct str s, struct html_token *t)
{
	size_t i = t->at + 1 + (t->kind == HTML_TOKEN_END), name = i;

	while (i < s.n && !ascii_is_space(s.p[i]) && s.p[i] != '/' &&
	       s.p[i] != '>')
		i++;
	t->name = (struct str){s.p + name, i - name};
	t->attributes = (struct str){s.p + i, 0};
	while (i < s.n && s.p[i] != '>') {
		t->self_closed = s.p[i] == '/';
		if (s.p[i] == '/' || ascii_is_space(s.p[i]))
			i++;
		else
			i = skip_attribute(s, i);
	}
	t->attributes.n = (size_t)(s.p + i - t->attributes.p);
	t->open = i == s.n;
	t->end = i + !t->open;
}

/* True if a "<" at i begins no text. */
static bool
is_markup(struct str s, size_t i)
{
	char c = i + 1 < s.n ? s.p[i + 1] : '\0';

	/* "</" at the very end is text, as "<" is. */
	return ascii_is_letter(c) || c == '!' || c == '?' ||
	       (c == '/' && i + 2 < s.n);
}

static void
read_characters(struct str s, struct html_token *t)
{
	size_t i = t->at;
	const char *p;

	t->kind = HTML_TOKEN_TEXT;
	t->end = s.n;
	while ((p = memchr(s.p + i, '<', s.n - i)) != NULL) {
		i = (size_t)(p - s.p);
		if (is_markup(s, i)) {
			t->end = i;
			return;
		}
		i++;
	}
}

bool
html_token_next(struct str s, size_t *at, struct html_token *t)
{
	size_t i = *at;
	char c;

	*t = (struct html_token){.at = i};
	if (i >= s.n)
		return false;
	c = i + 1 < s.n ? s.p[i + 1] : '\0';
	if (s.p[i] != '<' || !is_markup(s, i)) {
		read_characters(s, t);
	} else if (ascii_is_letter(c)) {
		t->kind = HTML_TOKEN_START;
		read_tag(s, t);
	} else if (c == '/' && ascii_is_letter(s.p[i + 2])) {
		t->kind = HTML_TOKEN_END;
		read_tag(s, t);
	} else if (begins_with(s, i, "<!--")) {
		read_comment(s, t);
	} else {
		t->kind = HTML_TOKEN_COMMENT;
		end_at_bracket(s, i + 2, t);
	}
	*at = t->end;
	return true;
}

/* True if the tag of a raw element, <name or </name, is at i. */
static bool
is_tag_of(struct str s, size_t i, bool closing, struct str name)
{
	size_t n = i + 1 + closing;
	char c;

	if (closing && (i + 1 >= s.n || s.p[i + 1] != '/'))
		return false;
	if (n + name.n >= s.n || strncasecmp(s.p + n, name.p, name.n) != 0)
		return false;
	c = s.p[n + name.n];
	return ascii_is_space(c) || c == '/' || c == '>';
}

/*
 * In a comment of a script, <script> and </script> are a pair that the script
 * contains (13.2.5.18 to 31).
 */
static size_t
find_script_end(struct str s, size_t i, struct str name)
{
	bool comment = false, inner = false;

	for (; i < s.n; i++) {
		if (comment && begins_with(s, i, "-->")) {
			comment = inner = false;
		} else if (s.p[i] != '<') {
			continue;
		} else if (!comment && begins_with(s, i, "<!--")) {
			comment = true;
			i++; /* its dashes may be those of "-->" */
		} else if (is_tag_of(s, i, true, name)) {
			if (!inner)
				return i;
			inner = false;
		} else if (comment && is_tag_of(s, i, false, name)) {
			inner = true;
		}
	}
	return s.n;
}

static size_t
find_raw_end(struct str s, size_t i, struct str name)
{
	const char *p;

	if (str_is_nocase(name, "script"))
		return find_script_end(s, i, name);
	if (str_is_nocase(name, "plaintext"))
		return s.n;
	while ((p = memchr(s.p + i, '<', s.n - i)) != NULL) {
		i = (size_t)(p - s.p);
		if (is_tag_of(s, i, true, name))
			return i;
		i++;
	}
	return s.n;
}

void
html_token_raw(struct str s, size_t *at, struct str name, struct html_token *t)
{
	*t = (struct html_token){
	    .kind = HTML_TOKEN_RAW, .at = *at, .name = name};
	t->end = find_raw_end(s, *at, name);
	t->open = t->end == s.n;
	*at = t->end;
}

bool
html_token_is_raw(struct str name)
{
	static const char *const names[] = {"script", "style", "title",
	    "textarea", "xmp", "iframe", "noembed", "noframes", "plaintext"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_is_nocase(name, names[i]))
			return true;
	return false;
}
