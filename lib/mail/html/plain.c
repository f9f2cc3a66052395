#include "mail/html/plain.h"

#include <stdbool.h>
#include <string.h>

#include "base/ascii.h"
#include "mail/html/plain_inline.h"

#define DEPTH_MAX 8 /* lists in lists */

struct list {
	size_t indent; /* of its markers */
	bool ordered;
	size_t next; /* the number of the next item */
};

struct plain {
	struct buf *out;
	struct list lists[DEPTH_MAX];
	size_t depth;
	bool paragraph; /* one is open */
	bool blank;     /* the line before was empty */
};

/* A line that begins an item. */
struct item {
	size_t indent, number;
	bool ordered;
	struct str text;
};

/* The next line; a template tag may extend over the end of one. */
static bool
next_line(struct str *rest, struct str *line)
{
	size_t i = 0;

	if (rest->n == 0)
		return false;
	while (i < rest->n && rest->p[i] != '\n') {
		size_t n = plain_inline_tag(rest->p + i, rest->n - i);

		i += n > 0 ? n : 1;
	}
	*line = (struct str){rest->p, i};
	while (line->n > 0 && ascii_is_space(line->p[line->n - 1]))
		line->n--;
	i += i < rest->n;
	*rest = (struct str){rest->p + i, rest->n - i};
	return true;
}

/* A line of nothing but sections, partials and comments. */
static bool
is_tag_line(struct str line)
{
	size_t i = 0, n;
	bool any = false;

	for (; i < line.n; i += n) {
		n = plain_inline_tag(line.p + i, line.n - i);
		if (n > 0 && strchr("#^/>!", line.p[i + 2]) == NULL)
			return false;
		any = any || n > 0;
		if (n == 0 && line.p[i] != ' ' && line.p[i] != '\t')
			return false;
		n += n == 0;
	}
	return any;
}

static size_t
measure_indent(struct str line)
{
	size_t i = 0;

	while (i < line.n && (line.p[i] == ' ' || line.p[i] == '\t'))
		i++;
	return i;
}

/* The length of a marker with the blank behind it; 0: none. */
static size_t
measure_list_marker(struct str s, struct item *item)
{
	static const char bullet[] = "\xe2\x80\xa2"; /* U+2022 */
	size_t n = 0;

	*item = (struct item){.text = s};
	if (str_starts(s, bullet))
		n = sizeof(bullet) - 1;
	else if (s.n > 0 && strchr("-*+", s.p[0]) != NULL)
		n = 1;
	if (n > 0)
		return n < s.n && s.p[n] == ' ' ? n + 1 : 0;
	while (n < s.n && n < 4 && ascii_is_digit(s.p[n]))
		item->number = item->number * 10 + (size_t)(s.p[n++] - '0');
	item->ordered = true;
	if (n == 0 || n > 3 || s.n - n < 2 || s.p[n + 1] != ' ')
		return 0;
	return s.p[n] == '.' || s.p[n] == ')' ? n + 2 : 0;
}

/*
 * A number in the middle of a paragraph begins a list only as the first one:
 * a date may stand at the start of a line.
 */
static bool
read_item(const struct plain *p, struct str line, struct item *item)
{
	size_t indent = measure_indent(line), n;
	struct str s = {line.p + indent, line.n - indent};

	n = measure_list_marker(s, item);
	if (n == 0 || n >= s.n)
		return false;
	item->indent = indent;
	item->text = str_trim((struct str){s.p + n, s.n - n});
	return !item->ordered || item->number == 1 || !p->paragraph;
}

static void
end_paragraph(struct plain *p)
{
	if (p->paragraph)
		buf_adds(p->out, "</p>\n");
	p->paragraph = false;
}

static void
close_list(struct plain *p)
{
	p->depth--;
	buf_adds(p->out,
	    p->lists[p->depth].ordered ? "</li>\n</ol>\n" : "</li>\n</ul>\n");
}

static void
end_blocks(struct plain *p)
{
	end_paragraph(p);
	while (p->depth > 0)
		close_list(p);
}

static void
open_list(struct plain *p, const struct item *item)
{
	struct list *l = &p->lists[p->depth++];

	*l = (struct list){item->indent, item->ordered, item->number};
	if (p->depth > 1)
		buf_addc(p->out, '\n');
	if (!item->ordered)
		buf_adds(p->out, "<ul>\n");
	else if (item->number == 1)
		buf_adds(p->out, "<ol>\n");
	else
		buf_printf(p->out, "<ol start=\"%zu\">\n", item->number);
}

/* Put the item into an open list, or open one for it. */
static void
choose_list(struct plain *p, const struct item *item)
{
	const struct list *top;

	while (p->depth > 0 && p->lists[p->depth - 1].indent > item->indent)
		close_list(p);
	top = p->depth > 0 ? &p->lists[p->depth - 1] : NULL;
	if (top != NULL && item->indent > top->indent + 1 &&
	    p->depth < DEPTH_MAX) {
		open_list(p, item);
	} else if (top != NULL && top->ordered == item->ordered) {
		buf_adds(p->out, "</li>\n");
	} else {
		if (top != NULL)
			close_list(p);
		open_list(p, item);
	}
}

static void
put_item(struct plain *p, const struct item *item)
{
	struct list *l;

	end_paragraph(p);
	choose_list(p, item);
	l = &p->lists[p->depth - 1];
	if (l->ordered && item->number != l->next)
		buf_printf(p->out, "<li value=\"%zu\">", item->number);
	else
		buf_adds(p->out, "<li>");
	l->next = item->number + 1;
	plain_inline_put(p->out, item->text);
}

static void
put_text_line(struct plain *p, struct str line)
{
	size_t indent = measure_indent(line);

	if (p->depth > 0 && indent > p->lists[p->depth - 1].indent) {
		buf_adds(p->out, p->blank ? "<br><br>\n" : "<br>\n");
		plain_inline_put(p->out, str_trim(line));
		return;
	}
	if (p->depth > 0)
		end_blocks(p);
	buf_adds(p->out, p->paragraph ? "<br>\n" : "<p>");
	p->paragraph = true;
	plain_inline_put(p->out, line);
}

static void
put_line(struct plain *p, struct str line)
{
	struct item item;

	if (line.n == 0) {
		end_paragraph(p);
	} else if (is_tag_line(line)) {
		end_blocks(p);
		buf_addstr(p->out, str_trim(line));
		buf_addc(p->out, '\n');
	} else if (read_item(p, line, &item)) {
		put_item(p, &item);
	} else {
		put_text_line(p, line);
	}
	p->blank = line.n == 0;
}

static int
check_delimiters(struct str source, struct fail *f)
{
	const char *p =
	    source.n > 0 ? memmem(source.p, source.n, "{{=", 3) : NULL;
	size_t line = 1;

	if (p == NULL)
		return 0;
	for (const char *c = source.p; c < p; c++)
		line += *c == '\n';
	return fail_data(
	    f, "%zu: other delimiters ({{=) have no place in a text", line);
}

int
plain_to_html(struct buf *out, struct str source, struct fail *f)
{
	struct plain p = {.out = out};
	struct str line;

	if (check_delimiters(source, f) < 0)
		return -1;
	while (next_line(&source, &line))
		put_line(&p, line);
	end_blocks(&p);
	return 0;
}
