#include "mail/text/text_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mail/text/text_style.h"

struct item {
	struct text_flow flow;
	struct str marker; /* p == NULL: the item before has it */
	bool bare;         /* content between the items, not indented */
};

struct list {
	struct html_node *first;
	const struct html_node *end;
	struct html_node *node; /* NULL: items outside of a list */
	char type;              /* 1 a A i I, or 0 for bullets */
	size_t width;           /* of the markers */
	struct item *items;
	size_t count, cap;
};

/* The number at the start of an attribute, or the default. */
static long
parse_integer(struct str s, long missing)
{
	char text[12];
	char *end;
	long n;

	if (s.n == 0 || s.n >= sizeof(text))
		return missing;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	n = strtol(text, &end, 10);
	return end != text ? n : missing;
}

static void
put_letters(struct buf *b, long n, char first)
{
	char text[16];
	size_t i = sizeof(text);

	while (n > 0 && i > 0) {
		n--;
		text[--i] = (char)(first + n % 26);
		n /= 26;
	}
	buf_add(b, text + i, sizeof(text) - i);
}

static void
put_roman(struct buf *b, long n, bool upper)
{
	static const struct {
		int value;
		const char *upper, *lower;
	} parts[] = {{1000, "M", "m"}, {900, "CM", "cm"}, {500, "D", "d"},
	    {400, "CD", "cd"}, {100, "C", "c"}, {90, "XC", "xc"},
	    {50, "L", "l"}, {40, "XL", "xl"}, {10, "X", "x"}, {9, "IX", "ix"},
	    {5, "V", "v"}, {4, "IV", "iv"}, {1, "I", "i"}};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		for (; n >= parts[i].value; n -= parts[i].value)
			buf_adds(b, upper ? parts[i].upper : parts[i].lower);
}

static void
put_item_number(struct buf *b, char type, long n)
{
	if ((type == 'a' || type == 'A') && n > 0)
		put_letters(b, n, type);
	else if ((type == 'i' || type == 'I') && n > 0 && n < 4000)
		put_roman(b, n, type == 'I');
	else
		buf_printf(b, "%ld", n);
	buf_adds(b, ". ");
}

static char
read_list_type(const struct html_node *list)
{
	struct str type;

	if (list == NULL || list->tag != TAG_OL)
		return 0;
	type = html_attr(list, "type");
	return type.n == 1 && strchr("aAiI", type.p[0]) != NULL ? type.p[0]
								: '1';
}

static long
read_first_number(const struct list *l)
{
	long count = 0;

	if (html_attr(l->node, "reversed").p != NULL)
		for (const struct html_node *n = l->first; n != l->end;
		     n = n->next)
			count += n->tag == TAG_LI;
	else
		count = 1;
	return parse_integer(html_attr(l->node, "start"), count);
}

/* The marker of an item; *n is its number, and then that of the next one. */
static struct str
next_marker(const struct text_flow *f, const struct list *l, long *n,
    const struct html_node *li)
{
	static const char *const bullets[] = {"* ", "- ", "+ "};
	struct buf b = {0};
	struct str s;
	bool down;

	if (l->type == 0 && (li->style & STYLE_UNMARKED) != 0)
		return STR("");
	if (l->type == 0)
		return str_of(bullets[f->list_depth < 2 ? f->list_depth : 2]);
	down = html_attr(l->node, "reversed").p != NULL;
	*n = parse_integer(html_attr(li, "value"), *n);
	put_item_number(&b, l->type, *n);
	*n += down ? -1 : 1;
	s = (li->style & STYLE_UNMARKED) != 0
		? STR("")
		: arena_str(f->job->arena, buf_str(&b));
	buf_free(&b);
	return s;
}

static void
measure_markers(const struct text_flow *f, struct list *l)
{
	long n = l->type != 0 ? read_first_number(l) : 0;
	bool marked = true;

	for (const struct html_node *li = l->first; li != l->end; li = li->next)
		if (li->tag == TAG_LI) {
			struct str s = next_marker(f, l, &n, li);

			l->width = s.n > l->width ? s.n : l->width;
			marked = marked && s.n > 0;
		}
	if (l->width == 0 && marked)
		l->width = 2;
}

static struct item *
add_item(struct text_flow *f, struct list *l, size_t indent)
{
	struct item *item;

	l->items = mem_more(l->items, l->count, &l->cap, sizeof(*l->items));
	item = &l->items[l->count++];
	*item = (struct item){
	    .flow = text_flow_inner(f, f->para.width - (int)indent)};
	item->flow.list_depth = f->list_depth + 1;
	return item;
}

static bool
is_list(const struct html_node *n)
{
	return n->tag == TAG_UL || n->tag == TAG_OL;
}

/* Lay out the item that begins at n; the node behind it. */
static struct html_node *
lay_out_item(
    struct text_flow *f, struct list *l, struct html_node *n, long *number)
{
	struct item *item;
	struct html_node *next = n->next;

	if (n->tag == TAG_LI) {
		struct str s = next_marker(f, l, number, n);

		item = add_item(f, l, l->width);
		item->marker = s;
		if (text_flow_shows(f, n))
			text_flow_content(&item->flow, n);
		return next;
	}
	if (is_list(n)) {
		item = add_item(f, l, l->width);
	} else {
		while (next != l->end && next->tag != TAG_LI && !is_list(next))
			next = next->next;
		item = add_item(f, l, 0);
		item->bare = true;
		item->flow.list_depth = f->list_depth;
	}
	text_flow_range(&item->flow, n, next, n->parent);
	return next;
}

static void
attach_item(struct text_flow *f, const struct list *l, const struct item *item)
{
	char *first = arena_alloc(f->job->arena, l->width + 1);
	char *rest = arena_alloc(f->job->arena, l->width + 1);
	size_t n = item->marker.n;

	memset(first, ' ', l->width);
	memset(rest, ' ', l->width);
	if (item->marker.p != NULL)
		memcpy(first + l->width - n, item->marker.p, n);
	if (item->bare)
		text_flow_attach(f, &item->flow, STR(""), STR(""));
	else
		text_flow_attach(f, &item->flow, (struct str){first, l->width},
		    (struct str){rest, l->width});
}

static void
put_items(struct text_flow *f, struct list *l)
{
	long number = l->type != 0 ? read_first_number(l) : 0;
	bool loose = false, begun = false;

	measure_markers(f, l);
	for (struct html_node *n = l->first; n != l->end;)
		n = lay_out_item(f, l, n, &number);
	for (size_t i = 0; i < l->count; i++)
		loose = loose || (l->items[i].marker.p != NULL &&
				     l->items[i].flow.para.lines.blank_inside);
	for (size_t i = 0; i < l->count; i++) {
		struct item *item = &l->items[i];

		if (item->flow.para.lines.count > 0) {
			if (begun)
				text_flow_break(f,
				    loose && item->marker.p != NULL ? GAP_BLANK
								    : GAP_LINE);
			attach_item(f, l, item);
			begun = true;
		}
		text_flow_free(&item->flow);
	}
	free(l->items);
}

void
text_list_put(struct text_flow *f, struct html_node *node)
{
	struct list l = {
	    .first = node->first, .node = node, .type = read_list_type(node)};
	enum text_gap gap = f->list_depth > 0 ? GAP_LINE : GAP_BLANK;

	text_flow_break(f, gap);
	put_items(f, &l);
	text_flow_break(f, gap);
}

struct html_node *
text_list_put_stray(struct text_flow *f, struct html_node *item)
{
	struct list l = {.first = item};
	struct html_node *last = item;

	for (struct html_node *n = item->next; n != NULL; n = n->next) {
		if (n->tag == TAG_LI)
			last = n;
		else if (!text_style_is_blank(n))
			break;
	}
	l.end = last->next;
	text_flow_break(f, GAP_LINE);
	put_items(f, &l);
	text_flow_break(f, GAP_LINE);
	return last;
}
