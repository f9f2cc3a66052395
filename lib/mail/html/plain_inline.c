#include "mail/html/plain_inline.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/escape.h"

#define TAB 8        /* columns */
#define TAG_MAX 1000 /* bytes; a longer one is no tag */

size_t
plain_inline_tag(const char *p, size_t n)
{
	bool triple = n > 3 && p[2] == '{';
	const char *closer = triple ? "}}}" : "}}", *end;
	size_t k = triple ? 3 : 2;

	if (n < 5 || p[0] != '{' || p[1] != '{')
		return 0;
	if (n > TAG_MAX)
		n = TAG_MAX;
	end = memmem(p + k, n - k, closer, k);
	return end != NULL ? (size_t)(end - p) + k : 0;
}

/* The name in a tag that writes a field; p == NULL for another tag. */
static struct str
find_field_name(struct str tag)
{
	struct str name = {tag.p + 2, tag.n - 4};

	if (*name.p == '{')
		name = (struct str){name.p + 1, name.n - 2};
	else if (*name.p == '&')
		name = (struct str){name.p + 1, name.n - 1};
	name = str_trim(name);
	if (name.n == 0 || memchr("#^/>!=", *name.p, 6) != NULL)
		return (struct str){0};
	return name;
}

/* A value is text, so that no tag leaves it unescaped. */
static void
put_tag(struct buf *out, struct str tag)
{
	struct str name = find_field_name(tag);

	if (name.p == NULL) {
		buf_addstr(out, tag);
		return;
	}
	buf_adds(out, "{{");
	buf_addstr(out, name);
	buf_adds(out, "}}");
}

/* Escaped text in which template tags stay. */
static void
put_with_tags(struct buf *out, struct str s)
{
	size_t i = 0, from = 0;

	while (i < s.n) {
		size_t n = plain_inline_tag(s.p + i, s.n - i);

		if (n > 0) {
			escape_html(out, (struct str){s.p + from, i - from});
			put_tag(out, (struct str){s.p + i, n});
			from = i + n;
		}
		i += n > 0 ? n : 1;
	}
	escape_html(out, (struct str){s.p + from, s.n - from});
}

static void
put_link(struct buf *out, const char *scheme, struct str address)
{
	buf_adds(out, "<a href=\"");
	buf_adds(out, scheme);
	put_with_tags(out, address);
	buf_adds(out, "\">");
	put_with_tags(out, address);
	buf_adds(out, "</a>");
}

static bool
has_prefix(struct str s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.n > n && strncasecmp(s.p, prefix, n) == 0;
}

static size_t
count_byte(struct str s, char c)
{
	size_t count = 0;

	for (size_t i = 0; i < s.n; i++)
		count += s.p[i] == c;
	return count;
}

/* The length without the marks that end a sentence or an enclosure. */
static size_t
drop_punctuation(struct str s)
{
	while (s.n > 0) {
		char c = s.p[s.n - 1];
		char open = c == ')' ? '(' : c == ']' ? '[' : '\0';

		if (open != '\0') {
			if (count_byte(s, open) >= count_byte(s, c))
				break;
		} else if (strchr(".,;:!?'*", c) == NULL) {
			break;
		}
		s.n--;
	}
	return s.n;
}

/*
 * The length of an address of the web: up to white space, a quote, an angle
 * bracket, or a section that does not lie within it.
 */
static size_t
measure_run(struct str s)
{
	size_t i = 0, whole = 0, depth = 0;

	while (i < s.n && !ascii_is_space(s.p[i]) &&
	       strchr("<>\"", s.p[i]) == NULL) {
		size_t n = plain_inline_tag(s.p + i, s.n - i);

		if (n > 0 && s.p[i + 2] == '/' && depth-- == 0)
			break;
		if (n > 0 && (s.p[i + 2] == '#' || s.p[i + 2] == '^'))
			depth++;
		i += n > 0 ? n : 1;
		if (depth == 0)
			whole = i;
	}
	return whole;
}

/* Write the address of the web at s as a link; its length, or 0. */
static size_t
put_web_link(struct buf *out, struct str s)
{
	static const struct {
		const char *prefix, *scheme;
	} kinds[] = {{"https://", ""}, {"http://", ""}, {"mailto:", ""},
	    {"www.", "https://"}};

	for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++) {
		size_t begin = strlen(kinds[k].prefix), n;

		if (!has_prefix(s, kinds[k].prefix))
			continue;
		n = drop_punctuation((struct str){s.p, measure_run(s)});
		if (n <= begin || (!ascii_is_alnum(s.p[begin]) &&
				      s.p[begin] != '{' && s.p[begin] > 0))
			return 0;
		put_link(out, kinds[k].scheme, (struct str){s.p, n});
		return n;
	}
	return 0;
}

static bool
is_local_part(char c)
{
	return c < 0 || ascii_is_alnum(c) || (c > 0 && strchr("._%+-'", c));
}

/* Write the address of mail at s as a link; its length, or 0. */
static size_t
put_mail_link(struct buf *out, struct str s)
{
	size_t i = 0, at, n;

	while (i < s.n && is_local_part(s.p[i]))
		i++;
	at = i;
	if (i == 0 || i == s.n || s.p[i] != '@')
		return 0;
	for (i++; i < s.n && (s.p[i] < 0 || ascii_is_alnum(s.p[i]) ||
				 s.p[i] == '.' || s.p[i] == '-');)
		i++;
	n = drop_punctuation((struct str){s.p, i});
	if (n < at + 4 || memchr(s.p + at + 2, '.', n - at - 3) == NULL)
		return 0;
	put_link(out, "mailto:", (struct str){s.p, n});
	return n;
}

/* Fields whose value is an address of the web. */
static bool
is_address_field(struct str tag)
{
	struct str name = find_field_name(tag);

	return str_is(name, "optout_url") || str_is(name, "course_url");
}

/* Blanks and tabs from i on; returns the offset behind them. */
static size_t
put_blanks(struct buf *out, struct str line, size_t i, size_t *column)
{
	size_t from = *column, begin = i;

	for (; i < line.n && (line.p[i] == ' ' || line.p[i] == '\t'); i++)
		*column += line.p[i] == ' ' ? 1 : TAB - *column % TAB;
	for (size_t k = from + (begin > 0); k < *column; k++)
		buf_adds(out, "&nbsp;");
	if (begin > 0)
		buf_addc(out, ' ');
	return i;
}

/* What begins at s behind a character that belongs to no word. */
static size_t
put_word_start(struct buf *out, struct str s)
{
	size_t n = put_web_link(out, s);

	return n > 0 ? n : put_mail_link(out, s);
}

/* Write the tag or link that starts s; its length, or 0. */
static size_t
put_special(struct buf *out, struct str s, bool *in_word)
{
	struct str tag = {s.p, plain_inline_tag(s.p, s.n)};
	size_t n;

	if (tag.n == 0) {
		n = *in_word ? 0 : put_word_start(out, s);
		*in_word = n > 0 || is_local_part(*s.p);
		return n;
	}
	*in_word = find_field_name(tag).p != NULL;
	if (is_address_field(tag))
		put_link(out, "", tag);
	else
		put_tag(out, tag);
	return tag.n;
}

void
plain_inline_put(struct buf *out, struct str line)
{
	size_t i = 0, column = 0, n;
	bool in_word = false;

	while (i < line.n) {
		struct str rest = {line.p + i, line.n - i};

		if (*rest.p == ' ' || *rest.p == '\t') {
			i = put_blanks(out, line, i, &column);
			in_word = false;
			continue;
		}
		n = put_special(out, rest, &in_word);
		if (n == 0)
			escape_html(out, (struct str){rest.p, 1});
		i += n > 0 ? n : 1;
		column += n > 0 ? n : 1;
	}
}
