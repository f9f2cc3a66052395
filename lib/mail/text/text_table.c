#include "mail/text/text_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "mail/text/text_link.h"

#define CELL_LINES 3    /* of data, at most */
#define CELL_COLUMNS 40 /* likewise, in a table without headings */

static bool
is_blank(const struct html_node *n)
{
	return n->tag == TAG_SKIP || n->tag == TAG_CAPTION ||
	       (n->tag == TAG_TEXT && strspn(n->text.p != NULL ? n->text.p : "",
					  " \t\n") == n->text.n) ||
	       (n->tag == TAG_INLINE && n->first == NULL) ||
	       (n->name != NULL && strcmp(n->name, "colgroup") == 0);
}

static bool
is_data(const struct text_table *t, struct html_node *node)
{
	struct str role = html_attr(node, "role");

	if (role.p != NULL && (str_is_nocase(role, "presentation") ||
				  str_is_nocase(role, "none")))
		return false;
	for (struct html_node *n = html_next(node, node); n != NULL;
	     n = html_next(n, node))
		if (n->tag == TAG_TABLE)
			return false;
	return !t->stray && t->columns >= 2 &&
	       t->columns <= TEXT_TABLE_COLUMNS && t->count >= 2;
}

/* With headings a table is data unless its cells are long. */
static bool
has_short_cells(const struct text_table *t, size_t lines)
{
	for (size_t i = 0; i < t->count; i++)
		for (size_t k = 0; k < t->rows[i].count; k++)
			if (t->rows[i].cells[k].flow.lines > lines)
				return false;
	return true;
}

/* Without headings it is when it looks like a list of things (T5). */
static bool
is_regular(const struct text_flow *f, const struct text_table *t)
{
	size_t cells = 0, rows = 0;

	for (size_t i = 0; i < t->count; i++) {
		const struct text_row *r = &t->rows[i];
		size_t filled = 0;

		if (r->count > 1 && cells != 0 && r->count != cells)
			return false;
		if (r->count > 1)
			cells = r->count;
		for (size_t k = 0; k < r->count; k++) {
			const struct text_flow *c = &r->cells[k].flow;

			filled += c->lines > 0;
			if (text_fill_columns(&f->job->html.fields,
				buf_str(&c->out)) > CELL_COLUMNS)
				return false;
		}
		rows += filled > 1;
	}
	return rows > 1 && has_short_cells(t, 1);
}

static bool
put_data(struct text_flow *f, struct html_node *node)
{
	struct text_table t = {0};
	bool data;

	text_table_collect(&t, f, node);
	data = is_data(&t, node);
	if (data) {
		text_table_lay_out(&t, f);
		data = t.head ? has_short_cells(&t, CELL_LINES)
			      : is_regular(f, &t);
	}
	if (data) {
		if (t.caption != NULL)
			text_flow_range(f, t.caption, t.caption->next, node);
		text_grid_put(f, &t);
	}
	text_table_end(&t);
	return data;
}

/* The cells of a layout row that have something to show. */
struct cells {
	struct text_flow *flows;
	size_t count, cap;
	size_t columns; /* of all on one line */
	bool several;   /* one has several lines */
};

static struct text_flow *
add_flow(struct cells *c, struct text_flow *f)
{
	c->flows = mem_more(c->flows, c->count, &c->cap, sizeof(*c->flows));
	c->flows[c->count] = text_flow_inner(f, f->width);
	return &c->flows[c->count++];
}

static void
lay_out_cell(struct text_flow *f, struct cells *c, struct html_node *from,
    const struct html_node *to)
{
	struct text_flow *flow = add_flow(c, f);

	text_flow_range(flow, from, to, from->parent);
	if (flow->lines == 0) {
		text_flow_end(flow);
		c->count--;
		return;
	}
	c->several = c->several || flow->lines > 1;
	c->columns +=
	    text_fill_columns(&f->job->html.fields, buf_str(&flow->out)) +
	    (c->count > 1 ? 2 : 0);
}

static void
put_on_one_line(struct text_flow *f, const struct cells *c)
{
	struct buf line = {0};
	enum gap lead = GAP_LINE, trail = GAP_LINE;

	for (size_t i = 0; i < c->count; i++) {
		const struct text_flow *cell = &c->flows[i];

		if (i > 0)
			buf_adds(&line, "  ");
		buf_add(&line, cell->out.p, cell->out.len - 1);
		lead = cell->lead > lead ? cell->lead : lead;
		trail = cell->gap > trail ? cell->gap : trail;
	}
	text_flow_break(f, lead);
	text_flow_drawn_line(f, buf_str(&line));
	text_flow_break(f, trail);
	buf_free(&line);
}

static void
put_one_by_one(struct text_flow *f, const struct cells *c)
{
	enum gap gap = c->several && c->count > 1 ? GAP_BLANK : GAP_LINE;

	for (size_t i = 0; i < c->count; i++) {
		text_flow_break(f, gap);
		text_flow_attach_open(f, &c->flows[i], STR(""));
	}
	text_flow_break(f, gap);
}

static void
put_row_of_cells(struct text_flow *f, struct html_node *tr)
{
	struct cells c = {0};

	for (struct html_node *n = tr->first; n != NULL; n = n->next)
		if (!is_blank(n))
			lay_out_cell(f, &c, n, n->next);
	if (c.count > 1 && !c.several &&
	    (f->width == 0 || c.columns <= (size_t)f->width))
		put_on_one_line(f, &c);
	else if (c.count > 0)
		put_one_by_one(f, &c);
	for (size_t i = 0; i < c.count; i++)
		text_flow_end(&c.flows[i]);
	free(c.flows);
}

static void
put_row(struct text_flow *f, struct html_node *tr)
{
	size_t cells = 0;

	for (struct html_node *n = tr->first; n != NULL; n = n->next)
		cells += !is_blank(n);
	text_flow_break(f, GAP_LINE);
	if (!text_flow_shows(f, tr))
		return;
	if (cells > 1)
		put_row_of_cells(f, tr);
	else
		text_flow_content(f, tr);
	text_flow_break(f, GAP_LINE);
}

/* The node behind this one, going into groups of rows and out of them. */
static struct html_node *
next_in(struct text_flow *f, struct html_node *n, const struct html_node *table)
{
	if (n->tag == TAG_ROWS && n->first != NULL && text_flow_shows(f, n))
		return n->first;
	while (n->next == NULL && n->parent != table)
		n = n->parent;
	return n->next;
}

static void
put_layout(struct text_flow *f, struct html_node *table)
{
	struct html_node *n = table->first;

	for (; n != NULL; n = next_in(f, n, table)) {
		if (n->tag == TAG_TR)
			put_row(f, n);
		else if (n->tag == TAG_CAPTION ||
			 (n->tag != TAG_ROWS && !is_blank(n)))
			text_flow_range(f, n, n->next, n->parent);
	}
}

void
text_table_put(struct text_flow *f, struct html_node *table)
{
	const struct html_node *link = text_link_of_table(table);

	if (link != NULL)
		text_link_begin(f, link);
	text_flow_break(f, GAP_BLANK);
	f->nesting++;
	if (!put_data(f, table))
		put_layout(f, table);
	f->nesting--;
	text_flow_break(f, GAP_BLANK);
	if (link != NULL)
		text_link_end(f);
}
