#include "mail/html/markdown_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/escape.h"
#include "base/map.h"
#include "base/mem.h"
#include "mail/html/html_field.h"

#define OPEN "<!--"
#define CLOSE "-->"
#define OPEN_SHOWN "&lt;!--" /* in code, and behind a backslash */
#define CLOSE_SHOWN "--&gt;"

/* A template tag, a line of section tags, or a comment. */
struct markdown_word {
	struct str text;
	bool comment;
};

/* Set a prefix that the source does not contain. */
static void
choose_prefix(struct markdown_words *w, struct str source)
{
	size_t n;

	for (unsigned i = 0;; i++) {
		n = (size_t)snprintf(w->prefix, sizeof(w->prefix), "TAG%ux", i);
		if (source.n == 0 ||
		    memmem(source.p, source.n, w->prefix, n) == NULL)
			return;
	}
}

static size_t
add_word(struct markdown_words *w, struct str text, bool comment)
{
	w->items = mem_more(w->items, w->count, &w->cap, sizeof(*w->items));
	w->items[w->count] = (struct markdown_word){text, comment};
	return w->count++;
}

static void
put_word(
    struct markdown_words *w, struct buf *out, struct str text, bool comment)
{
	buf_printf(out, "%s%zux", w->prefix, add_word(w, text, comment));
}

/* The same tag is the same word: it may be in the label of a link. */
static void
put_tag_word(struct markdown_words *w, struct buf *out, struct str tag)
{
	size_t *number = map_put(w->tags, tag);

	if (*number == 0)
		*number = add_word(w, tag, false) + 1;
	buf_printf(out, "%s%zux", w->prefix, *number - 1);
}

/* A line of nothing but {{#a}}, {{^a}}, {{/a}}, {{>a}} and {{!a}}. */
static bool
is_section_line(struct str line)
{
	size_t i = 0, tags = 0;

	while (i < line.n) {
		size_t n = html_field_length(line.p + i, line.n - i);

		if (n > 4 && strchr("#^/>!", line.p[i + 2]) != NULL) {
			tags++;
			i += n;
		} else if (line.p[i] == ' ' || line.p[i] == '\t') {
			i++;
		} else {
			return false;
		}
	}
	return tags > 0;
}

/* Section tags travel in a comment, which ends the paragraph before it. */
static size_t
hide_section_line(struct markdown_words *w, struct buf *out, struct str s)
{
	const char *nl = memchr(s.p, '\n', s.n);
	struct str line = {s.p, nl != NULL ? (size_t)(nl - s.p) : s.n};

	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	if (!is_section_line(line))
		return 0;
	buf_adds(out, OPEN);
	put_word(w, out, line, false);
	buf_adds(out, CLOSE);
	return line.n;
}

static bool
has_blank_line(struct str s)
{
	bool empty = false;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\n' && empty)
			return true;
		empty = s.p[i] == '\n' || (empty && ascii_is_space(s.p[i]));
	}
	return false;
}

/*
 * The length of the comment that starts s, or 0; *none: there are no more ends
 * of comments. In one that is hidden "--" may stand, as browsers allow it.
 */
static size_t
measure_comment(struct str s, bool *none)
{
	const char *end;
	size_t n = strlen(OPEN);

	if (*none || !str_starts(s, OPEN))
		return 0;
	if (str_starts(s, "<!-->"))
		return n + 1;
	if (str_starts(s, "<!--->"))
		return n + 2;
	end = memmem(s.p + n, s.n - n, CLOSE, strlen(CLOSE));
	*none = end == NULL;
	if (end == NULL)
		return 0;
	n = (size_t)(end - s.p) + strlen(CLOSE);
	return has_blank_line((struct str){s.p, n}) ? 0 : n;
}

/* Hide the tag or comment that starts s; its length, or 0. */
static size_t
hide_word(struct markdown_words *w, struct buf *out, struct str s, bool *none)
{
	size_t n = html_field_length(s.p, s.n);

	if (n > 0) {
		put_tag_word(w, out, (struct str){s.p, n});
		return n;
	}
	n = measure_comment(s, none);
	if (n > 0) {
		buf_adds(out, OPEN);
		put_word(w, out, (struct str){s.p, n}, true);
		buf_adds(out, CLOSE);
	}
	return n;
}

void
markdown_words_hide(struct markdown_words *w, struct buf *out, struct str s)
{
	bool line_start = true, none = false;
	size_t i = 0, n;

	*w = (struct markdown_words){.tags = map_new(sizeof(size_t))};
	choose_prefix(w, s);
	while (i < s.n) {
		struct str rest = {s.p + i, s.n - i};

		n = line_start ? hide_section_line(w, out, rest) : 0;
		if (n == 0 && strchr("{<%*$", *rest.p) != NULL)
			n = hide_word(w, out, rest, &none);
		if (n == 0)
			buf_addc(out, s.p[i]);
		line_start = n == 0 && s.p[i] == '\n';
		i += n > 0 ? n : 1;
	}
}

/* What the word that starts s stands for; *n is the length of the word. */
static const struct markdown_word *
find_word(const struct markdown_words *w, struct str s, size_t *n)
{
	size_t prefix = strlen(w->prefix), i = prefix, index = 0;

	if (!str_starts(s, w->prefix))
		return NULL;
	for (; i < s.n && ascii_is_digit(s.p[i]); i++)
		index = index * 10 + (size_t)(s.p[i] - '0');
	if (i == s.n || index >= w->count)
		return NULL;
	*n = i + 1;
	return &w->items[index];
}

/* The word between an opener and a closer; *n is the length of all. */
static const struct markdown_word *
find_enclosed(const struct markdown_words *w, struct str s, const char *open,
    const char *close, size_t *n)
{
	size_t k = strlen(open);
	const struct markdown_word *word;

	if (!str_starts(s, open))
		return NULL;
	word = find_word(w, (struct str){s.p + k, s.n - k}, n);
	if (word == NULL ||
	    !str_starts((struct str){s.p + k + *n, s.n - k - *n}, close))
		return NULL;
	*n += k + strlen(close);
	return word;
}

size_t
markdown_words_restore(
    const struct markdown_words *w, struct buf *out, struct str s)
{
	const struct markdown_word *word;
	size_t n = 0;

	if (s.n == 0 || strchr("<&T", s.p[0]) == NULL)
		return 0;
	word = find_enclosed(w, s, OPEN, CLOSE, &n);
	if (word == NULL)
		word = find_word(w, s, &n);
	if (word != NULL) {
		buf_addstr(out, word->text);
		return n;
	}
	word = find_enclosed(w, s, OPEN_SHOWN, CLOSE_SHOWN, &n);
	if (word == NULL)
		return 0;
	if (word->comment)
		escape_html(out, word->text);
	else
		buf_addstr(out, word->text);
	return n;
}

void
markdown_words_free(struct markdown_words *w)
{
	map_free(w->tags);
	free(w->items);
}
