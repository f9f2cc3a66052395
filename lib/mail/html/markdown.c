#include "mail/html/markdown.h"

#include <md4c-html.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "mail/html/html.h"

/*
 * Template tags become words of letters and digits, which md4c never alters,
 * and are put back afterwards.
 */
struct words {
	char prefix[24];
	struct str *tags;
	size_t count, cap;
};

/* Set a prefix that the source does not contain. */
static void
choose_prefix(struct words *w, struct str source)
{
	size_t n;

	for (unsigned i = 0;; i++) {
		n = (size_t)snprintf(w->prefix, sizeof(w->prefix), "TAG%ux", i);
		if (source.n == 0 ||
		    memmem(source.p, source.n, w->prefix, n) == NULL)
			return;
	}
}

static void
put_word(struct words *w, struct buf *out, struct str tag)
{
	w->tags = mem_more(w->tags, w->count, &w->cap, sizeof(*w->tags));
	w->tags[w->count] = tag;
	buf_printf(out, "%s%zux", w->prefix, w->count++);
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

static void
put_tags(struct words *w, struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n;) {
		size_t n = html_field_length(s.p + i, s.n - i);

		if (n > 0)
			put_word(w, out, (struct str){s.p + i, n});
		else
			buf_addc(out, s.p[i]);
		i += n > 0 ? n : 1;
	}
}

/* Section tags travel in a comment, which ends the paragraph before it. */
static size_t
put_section_line(struct words *w, struct buf *out, struct str s)
{
	const char *nl = memchr(s.p, '\n', s.n);
	struct str line = {s.p, nl != NULL ? (size_t)(nl - s.p) : s.n};

	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	if (!is_section_line(line))
		return 0;
	buf_adds(out, "<!--");
	put_word(w, out, line);
	buf_adds(out, "-->");
	return line.n;
}

static void
replace_tags(struct words *w, struct buf *out, struct str s)
{
	size_t i = 0;

	while (i < s.n) {
		struct str rest = {s.p + i, s.n - i};
		size_t n = put_section_line(w, out, rest);
		const char *nl;

		i += n;
		rest = (struct str){s.p + i, s.n - i};
		nl = rest.n > 0 ? memchr(rest.p, '\n', rest.n) : NULL;
		n = nl != NULL ? (size_t)(nl - rest.p) + 1 : rest.n;
		/* A tag may extend over the end of the line. */
		for (size_t k = 0; k < n; k++) {
			size_t tag = html_field_length(rest.p + k, rest.n - k);

			if (k + tag > n)
				n = k + tag;
			if (tag > 0)
				k += tag - 1;
		}
		put_tags(w, out, (struct str){rest.p, n});
		i += n;
	}
}

/* The tag for the word that starts s; *n is the length of the word. */
static bool
find_word(const struct words *w, struct str s, size_t *n, struct str *tag)
{
	size_t prefix = strlen(w->prefix), i = prefix, index = 0;

	if (!str_starts(s, w->prefix))
		return false;
	for (; i < s.n && ascii_is_digit(s.p[i]); i++)
		index = index * 10 + (size_t)(s.p[i] - '0');
	if (i == s.n || index >= w->count)
		return false;
	*n = i + 1;
	*tag = w->tags[index];
	return true;
}

/* Mail programs show no form fields, so a checkbox becomes a character. */
static size_t
put_box(struct buf *out, struct str s)
{
	const char *end;
	bool checked;

	if (!str_starts(s, "<input type=\"checkbox\" "))
		return 0;
	end = memchr(s.p, '>', s.n);
	if (end == NULL)
		return 0;
	checked = memmem(s.p, (size_t)(end - s.p), " checked", 8) != NULL;
	buf_adds(out, checked ? "&#9745; " : "&#9744; ");
	return (size_t)(end - s.p) + 1;
}

/*
 * The start tag of a cell: a heading gets its scope, and the alignment
 * becomes a style, as HTML 5 has it.
 */
static size_t
put_cell(struct buf *out, struct str s, bool *head)
{
	static const char *const sides[] = {"left", "center", "right"};
	bool th = str_starts(s, "<th");

	if (str_starts(s, "<thead>"))
		*head = true;
	else if (str_starts(s, "</thead>"))
		*head = false;
	if (*head && str_starts(s, "<th>")) {
		buf_adds(out, "<th scope=\"col\">");
		return 4;
	}
	if (!str_starts(s, th ? "<th align=\"" : "<td align=\""))
		return 0;
	for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]); i++) {
		struct str value = {s.p + 11, s.n - 11};
		size_t n = strlen(sides[i]);

		if (!str_starts(value, sides[i]) || value.n < n + 2 ||
		    value.p[n] != '"' || value.p[n + 1] != '>')
			continue;
		buf_printf(out, "<t%c%s style=\"text-align: %s\">",
		    th ? 'h' : 'd', *head ? " scope=\"col\"" : "", sides[i]);
		return n + 13;
	}
	return 0;
}

static void
restore_tags(const struct words *w, struct buf *out, struct str s)
{
	struct str tag;
	size_t i = 0, n;
	bool head = false;

	while (i < s.n) {
		struct str rest = {s.p + i, s.n - i};
		bool comment = str_starts(rest, "<!--");

		if (comment &&
		    find_word(
			w, (struct str){rest.p + 4, rest.n - 4}, &n, &tag)) {
			buf_addstr(out, tag);
			i += n + 7;
		} else if (find_word(w, rest, &n, &tag)) {
			buf_addstr(out, tag);
			i += n;
		} else if ((n = put_box(out, rest)) > 0 ||
			   (n = put_cell(out, rest, &head)) > 0) {
			i += n;
		} else {
			buf_addc(out, s.p[i++]);
		}
	}
}

static void
put_html(const MD_CHAR *p, MD_SIZE n, void *ctx)
{
	buf_add(ctx, p, n);
}

int
markdown_to_html(struct buf *out, struct str source, struct fail *f)
{
	struct words words = {.count = 0};
	struct buf text = {0}, html = {0};
	int rc = 0;

	if (source.n > HTML_MAX)
		return fail_data(
		    f, "the Markdown is larger than %d bytes", HTML_MAX);
	choose_prefix(&words, source);
	replace_tags(&words, &text, source);
	if (md_html(text.p != NULL ? text.p : "", (MD_SIZE)text.len, put_html,
		&html, MD_DIALECT_GITHUB, MD_HTML_FLAG_SKIP_UTF8_BOM) != 0)
		rc = fail_system(f, "the Markdown cannot be read");
	else
		restore_tags(&words, out, buf_str(&html));
	free(words.tags);
	buf_free(&text);
	buf_free(&html);
	return rc;
}
