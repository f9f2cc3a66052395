#include "mail/text/text_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mail/text/text_fill.h"
#include "mail/text/text_grid.h"
#include "mail/text/text_link.h"
#include "mail/text/text_style.h"

#define CELL_LINES 3    /* of a data cell, at most */
#define CELL_COLUMNS 40 /* of one in a table without headings */

/* Children of a table or row that have nothing to show among the cells. */
static bool
is_between_cells(const struct html_node *n)
{
	return n->tag == TAG_SKIP || n->tag == TAG_CAPTION ||
	       text_style_is_blank(n) ||
	       (n->tag == TAG_INLINE && n->first == NULL) ||
	       (n->name != NULL && strcmp(n->name, "colgroup") == 0);
}

static bool
may_be_data(const struct text_cells *t, struct html_node *node)
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
	       t->columns <= TEXT_CELLS_COLUMNS && t->count >= 2;
}

/* A table with headings is data unless its cells are long. */
static bool
has_short_cells(const struct text_cells *t, size_t lines)
{
	for (size_t i = 0; i < t->count; i++)
		for (size_t k = 0; k < t->rows[i].count; k++)
			if (t->rows[i].cells[k].flow.para.lines.count > lines)
				return false;
	return true;
}

/* A table without headings is data if all rows have short cells alike. */
static bool
is_regular(const struct text_flow *f, const struct text_cells *t)
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

			filled += c->para.lines.count > 0;
			if (text_fill_columns(&f->job->html.fields,
				buf_str(&c->para.lines.text)) > CELL_COLUMNS)
				return false;
		}
		rows += filled > 1;
	}
	return rows > 1 && has_short_cells(t, 1);
}

static bool
put_data_table(struct text_flow *f, struct html_node *node)
{
	struct text_cells t = {0};
	bool data;

	text_cells_collect(&t, f, node);
	data = may_be_data(&t, node);
	if (data) {
		text_cells_lay_out(&t, f);
		data = t.head ? has_short_cells(&t, CELL_LINES)
			      : is_regular(f, &t);
	}
	if (data) {
		if (t.caption != NULL)
			text_flow_range(f, t.caption, t.caption->next, node);
		text_grid_put(f, &t);
	}
	text_cells_free(&t);
	return data;
}

/* The cells of a layout row that are not empty. */
struct layout_row {
	struct text_flow *flows;
	size_t count, cap;
	size_t columns; /* of all cells on one line */
	bool several;   /* a cell has several lines */
};

static struct text_flow *
add_layout_cell(struct layout_row *c, struct text_flow *f)
{
	c->flows = mem_more(c->flows, c->count, &c->cap, sizeof(*c->flows));
	c->flows[c->count] = text_flow_inner(f, f->para.width);
	return &c->flows[c->count++];
}

static void
add_visible_cell(struct text_flow *f, struct layout_row *c,
    struct html_node *from, const struct html_node *to)
{
	struct text_flow *flow = add_layout_cell(c, f);

	text_flow_range(flow, from, to, from->parent);
	if (flow->para.lines.count == 0) {
		text_flow_free(flow);
		c->count--;
		return;
	}
	c->several = c->several || flow->para.lines.count > 1;
	c->columns += text_fill_columns(&f->job->html.fields,
			  buf_str(&flow->para.lines.text)) +
		      (c->count > 1 ? 2 : 0);
}

static void
put_on_one_line(struct text_flow *f, const struct layout_row *c)
{
	struct buf line = {0};
	enum text_gap lead = GAP_LINE, trail = GAP_LINE;

	for (size_t i = 0; i < c->count; i++) {
		const struct text_lines *cell = &c->flows[i].para.lines;

		if (i > 0)
			buf_adds(&line, "  ");
		buf_add(&line, cell->text.p, cell->text.len - 1);
		lead = cell->lead > lead ? cell->lead : lead;
		trail = cell->gap > trail ? cell->gap : trail;
	}
	text_flow_break(f, lead);
	text_flow_draw(f, buf_str(&line));
	text_flow_break(f, trail);
	buf_free(&line);
}

static void
put_one_by_one(struct text_flow *f, const struct layout_row *c)
{
	enum text_gap gap = c->several && c->count > 1 ? GAP_BLANK : GAP_LINE;

	for (size_t i = 0; i < c->count; i++) {
		text_flow_break(f, gap);
		text_flow_attach_open(f, &c->flows[i], STR(""));
	}
	text_flow_break(f, gap);
}

static void
put_layout_cells(struct text_flow *f, struct html_node *tr)
{
	struct layout_row c = {0};

	for (struct html_node *n = tr->first; n != NULL; n = n->next)
		if (!is_between_cells(n))
			add_visible_cell(f, &c, n, n->next);
	if (c.count > 1 && !c.several &&
	    (f->para.width == 0 || c.columns <= (size_t)f->para.width))
		put_on_one_line(f, &c);
	else if (c.count > 0)
		put_one_by_one(f, &c);
	for (size_t i = 0; i < c.count; i++)
		text_flow_free(&c.flows[i]);
	free(c.flows);
}

static void
put_layout_row(struct text_flow *f, struct html_node *tr)
{
	size_t cells = 0;

	for (struct html_node *n = tr->first; n != NULL; n = n->next)
		cells += !is_between_cells(n);
	text_flow_break(f, GAP_LINE);
	if (!text_flow_shows(f, tr))
		return;
	if (cells > 1)
		put_layout_cells(f, tr);
	else
		text_flow_content(f, tr);
	text_flow_break(f, GAP_LINE);
}

/* The next row or other child; groups of rows are entered and left. */
static struct html_node *
next_child(
    struct text_flow *f, struct html_node *n, const struct html_node *table)
{
	if (n->tag == TAG_ROWS && n->first != NULL && text_flow_shows(f, n))
		return n->first;
	while (n->next == NULL && n->parent != table)
		n = n->parent;
	return n->next;
}

static void
put_layout_table(struct text_flow *f, struct html_node *table)
{
	struct html_node *n = table->first;

	for (; n != NULL; n = next_child(f, n, table)) {
		if (n->tag == TAG_TR)
			put_layout_row(f, n);
		else if (n->tag == TAG_CAPTION ||
			 (n->tag != TAG_ROWS && !is_between_cells(n)))
			text_flow_range(f, n, n->next, n->parent);
	}
}

void
text_table_put(struct text_flow *f, struct html_node *table)
{
	const struct html_node *link = text_link_of_table(table);

	if (link != NULL)
		text_link_enter(f, link);
	text_flow_break(f, GAP_BLANK);
	f->nesting++;
	if (!put_data_table(f, table))
		put_layout_table(f, table);
	f->nesting--;
	text_flow_break(f, GAP_BLANK);
	if (link != NULL)
		text_link_leave(f);
}
