#include "mail/text/text_cells.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "mail/text/text_style.h"

/* The number that starts s, from 1 to max; 1 without a number. */
static size_t
parse_span(struct str s, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n && ascii_is_digit(s.p[i]); i++)
		if (n <= max)
			n = n * 10 + (size_t)(s.p[i] - '0');
	return n < 1 ? 1 : n > max ? max : n;
}

static struct text_row *
add_row(struct text_cells *t)
{
	t->rows = mem_more(t->rows, t->count, &t->cap, sizeof(*t->rows));
	t->rows[t->count] = (struct text_row){.head = true};
	return &t->rows[t->count++];
}

static struct text_cell *
add_cell(struct text_row *r, struct html_node *n)
{
	struct text_cell *c;

	r->cells = mem_more(r->cells, r->count, &r->cap, sizeof(*r->cells));
	c = &r->cells[r->count++];
	*c = (struct text_cell){.node = n,
	    .span = parse_span(html_attr(n, "colspan"), TEXT_CELLS_COLUMNS),
	    .head = n->tag == TAG_TH};
	return c;
}

/* taken: the number of further rows that a cell above covers, by column. */
static void
collect_row(struct text_cells *t, struct text_flow *f, struct html_node *tr,
    unsigned *taken)
{
	struct text_row *r = add_row(t);
	size_t column = 0;

	for (struct html_node *n = tr->first; n != NULL; n = n->next) {
		unsigned rows;
		struct text_cell *c;

		if (text_style_is_blank(n))
			continue;
		if (n->tag != TAG_TD && n->tag != TAG_TH) {
			t->stray = t->stray || n->tag != TAG_SKIP;
			continue;
		}
		if (!text_flow_shows(f, n))
			continue;
		while (column < TEXT_CELLS_COLUMNS && taken[column] > 0)
			column++;
		c = add_cell(r, n);
		c->column = column;
		rows = (unsigned)parse_span(html_attr(n, "rowspan"), 1000);
		for (size_t i = 0; i < c->span && column < TEXT_CELLS_COLUMNS;
		     i++)
			taken[column++] = rows;
		if (column < c->column + c->span)
			column =
			    TEXT_CELLS_COLUMNS + 1; /* too many to be data */
		r->head = r->head && c->head;
		t->head = t->head || c->head;
		t->columns = column > t->columns ? column : t->columns;
	}
	r->head = r->head && r->count > 0;
	for (size_t i = 0; i < TEXT_CELLS_COLUMNS; i++)
		taken[i] -= taken[i] > 0;
}

/* Children of a table that are neither rows nor stray content. */
static bool
is_beside_rows(const struct html_node *n)
{
	return n->tag == TAG_SKIP || n->tag == TAG_CAPTION ||
	       text_style_is_blank(n) ||
	       strcmp(n->name != NULL ? n->name : "", "col") == 0 ||
	       strcmp(n->name != NULL ? n->name : "", "colgroup") == 0;
}

void
text_cells_collect(
    struct text_cells *t, struct text_flow *f, struct html_node *table)
{
	unsigned taken[TEXT_CELLS_COLUMNS + 1] = {0};
	struct html_node *n = table->first;

	while (n != NULL) {
		bool shown = text_flow_shows(f, n);

		if (n->tag == TAG_CAPTION && t->caption == NULL)
			t->caption = n;
		else if (n->tag == TAG_TR && shown)
			collect_row(t, f, n, taken);
		else if (n->tag != TAG_ROWS && n->tag != TAG_TR &&
			 !is_beside_rows(n))
			t->stray = true;
		if (n->tag == TAG_ROWS && strcmp(n->name, "thead") == 0)
			t->head = true;
		if (n->tag == TAG_ROWS && shown && n->first != NULL) {
			n = n->first;
			continue;
		}
		while (n->next == NULL && n->parent != table)
			n = n->parent;
		n = n->next;
	}
}

/* "1,234.50", "-5 %", "$ 10": digits, and signs around them. */
static bool
is_number(struct str s)
{
	static const char *const signs[] = {"+", "-", "\xe2\x88\x92", ".", ",",
	    "'", " ", "%", "$", "\xe2\x82\xac", "\xc2\xa3", "\xc2\xa5",
	    "\xe2\x82\xb9", "\xe2\x80\xb0", "\xe2\x80\xaf"};
	bool digits = false;
	size_t i = 0;

	while (i < s.n) {
		size_t n = 0;

		if (ascii_is_digit(s.p[i])) {
			digits = true;
			n = 1;
		}
		for (size_t k = 0;
		     n == 0 && k < sizeof(signs) / sizeof(signs[0]); k++)
			if (str_starts(
				(struct str){s.p + i, s.n - i}, signs[k]))
				n = strlen(signs[k]);
		if (n == 0)
			return false;
		i += n;
	}
	return digits;
}

void
text_cells_lay_out(struct text_cells *t, struct text_flow *f)
{
	for (size_t i = 0; i < t->count; i++) {
		for (size_t k = 0; k < t->rows[i].count; k++) {
			struct text_cell *c = &t->rows[i].cells[k];
			struct str rest, line = {0};

			c->flow = text_flow_inner(f, f->para.width);
			c->flow.para.width = 0;
			text_flow_content(&c->flow, c->node);
			rest = buf_str(&c->flow.para.lines.text);
			str_line(&rest, &line);
			c->right =
			    (c->node->style & STYLE_RIGHT) != 0 ||
			    (c->flow.para.lines.count == 1 && is_number(line));
		}
	}
}

void
text_cells_free(struct text_cells *t)
{
	for (size_t i = 0; i < t->count; i++) {
		for (size_t k = 0; k < t->rows[i].count; k++)
			text_flow_free(&t->rows[i].cells[k].flow);
		free(t->rows[i].cells);
	}
	free(t->rows);
}
