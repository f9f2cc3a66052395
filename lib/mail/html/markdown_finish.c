#include "mail/html/markdown_finish.h"

#include <stdbool.h>
#include <string.h>

#include "base/ascii.h"

/* Where the next byte of the HTML is. */
struct finish {
	struct buf *out;
	bool head; /* of a table */
	bool notes;
};

/* The length of a tag that starts with the text; 0: another one. */
static size_t
measure_start_tag(struct str s, const char *text)
{
	const char *end;

	if (!str_starts(s, text))
		return 0;
	end = memchr(s.p, '>', s.n);
	return end != NULL ? (size_t)(end - s.p) + 1 : 0;
}

/* Mail programs show no form fields, so a checkbox becomes a character. */
static size_t
put_task_box(struct finish *f, struct str s)
{
	size_t n = measure_start_tag(s, "<input type=\"checkbox\" ");

	if (n == 0)
		return 0;
	buf_adds(f->out,
	    memmem(s.p, n, " checked", 8) != NULL ? "&#9745;" : "&#9744;");
	return n;
}

/* The heading of a column gets its scope. */
static size_t
put_column_head(struct finish *f, struct str s)
{
	if (str_starts(s, "<thead>"))
		f->head = true;
	else if (str_starts(s, "</thead>"))
		f->head = false;
	if (!f->head || (!str_starts(s, "<th>") && !str_starts(s, "<th ")))
		return 0;
	buf_adds(f->out, "<th scope=\"col\"");
	return 3;
}

/* The number of the footnote that a reference in the text leads to. */
static size_t
put_note_number(struct finish *f, struct str s)
{
	static const char end[] = "</a></sup>";
	size_t n = measure_start_tag(s, "<sup class=\"footnote-ref\">"), from;

	if (n == 0)
		return 0;
	from = n + measure_start_tag((struct str){s.p + n, s.n - n}, "<a ");
	for (n = from; n < s.n && ascii_is_digit(s.p[n]);)
		n++;
	if (n == from || !str_starts((struct str){s.p + n, s.n - n}, end))
		return 0;
	buf_adds(f->out, "<sup>[");
	buf_add(f->out, s.p + from, n - from);
	buf_adds(f->out, "]</sup>");
	return n + strlen(end);
}

/* The list of footnotes, without the links back into the text. */
static size_t
put_notes(struct finish *f, struct str s)
{
	static const char end[] = "</a>";
	size_t n = measure_start_tag(s, "<section class=\"footnotes\"");
	const char *p;

	if (n > 0) {
		f->notes = true;
		buf_adds(f->out, "<hr>");
		return n;
	}
	if (!f->notes)
		return 0;
	if (str_starts(s, "</section>\n"))
		return strlen("</section>\n");
	n = measure_start_tag(s, "<li id=\"fn");
	if (n > 0) {
		buf_adds(f->out, "<li>");
		return n;
	}
	n = *s.p == ' ' ? 1 : 0;
	s = (struct str){s.p + n, s.n - n};
	if (measure_start_tag(s, "<a href=\"#fnref") == 0)
		return 0;
	p = memmem(s.p, s.n, end, strlen(end));
	return p != NULL ? n + (size_t)(p - s.p) + strlen(end) : 0;
}

static size_t
put_changed(struct finish *f, struct str s)
{
	size_t n = put_task_box(f, s);

	if (n == 0)
		n = put_column_head(f, s);
	if (n == 0)
		n = put_note_number(f, s);
	return n;
}

void
markdown_finish(
    struct buf *out, struct str html, const struct markdown_words *words)
{
	struct finish f = {.out = out};
	size_t i = 0, n;

	while (i < html.n) {
		struct str rest = {html.p + i, html.n - i};

		n = strcspn(rest.p, "<&T ");
		buf_add(out, rest.p, n);
		i += n;
		rest = (struct str){rest.p + n, rest.n - n};
		if (rest.n == 0)
			break;
		n = markdown_words_restore(words, out, rest);
		if (n == 0 && (*rest.p == '<' || *rest.p == ' '))
			n = put_notes(&f, rest);
		if (n == 0 && *rest.p == '<')
			n = put_changed(&f, rest);
		if (n == 0)
			buf_addc(out, *rest.p);
		i += n > 0 ? n : 1;
	}
}
