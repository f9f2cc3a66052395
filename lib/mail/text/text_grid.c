#include "mail/text/text_grid.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mail/text/text_fill.h"

#define BETWEEN 2   /* spaces between columns */
#define WIDTH_MIN 8 /* no column is made narrower */

struct grid {
	struct text_flow *flow;
	struct text_cells *table;
	size_t widths[TEXT_CELLS_COLUMNS]; /* 0: the column is empty */
	size_t least[TEXT_CELLS_COLUMNS];  /* to which they can shrink */
};

static size_t
measure_lines(const struct text_flow *f)
{
	struct str rest = buf_str(&f->para.lines.text), line;
	size_t width = 0;

	while (str_line(&rest, &line)) {
		size_t n = text_fill_columns(f->para.fields, line);

		width = n > width ? n : width;
	}
	return width;
}

/* The width of several columns with the spaces between them. */
static size_t
measure_span(const struct grid *g, size_t column, size_t span)
{
	size_t width = 0;

	for (size_t i = column; i < column + span && i < TEXT_CELLS_COLUMNS;
	     i++)
		if (g->widths[i] > 0)
			width += g->widths[i] + (width > 0 ? BETWEEN : 0);
	return width;
}

static size_t
measure_total(const struct grid *g)
{
	return measure_span(g, 0, TEXT_CELLS_COLUMNS);
}

/* Fit the widths to the cells; a cell over several widens the last one. */
static void
measure_columns(struct grid *g)
{
	memset(g->widths, 0, sizeof(g->widths));
	for (int spans = 0; spans < 2; spans++) {
		for (size_t i = 0; i < g->table->count; i++) {
			const struct text_row *r = &g->table->rows[i];

			for (size_t k = 0; k < r->count; k++) {
				const struct text_cell *c = &r->cells[k];
				size_t last = c->column + c->span - 1;
				size_t had, width;

				if ((c->span > 1) != spans)
					continue;
				had = measure_span(g, c->column, c->span);
				width = measure_lines(&c->flow);
				if (width > had)
					g->widths[last] += width - had;
			}
		}
	}
}

static void
lay_out_again(struct grid *g, struct text_cell *c, int width)
{
	text_flow_free(&c->flow);
	c->flow = text_flow_inner(g->flow, width);
	c->flow.para.width = width > 0 ? width : 0;
	text_flow_content(&c->flow, c->node);
}

/* The longest word of each column, but no less than WIDTH_MIN. */
static void
measure_least(struct grid *g)
{
	for (size_t i = 0; i < g->table->count; i++) {
		const struct text_row *r = &g->table->rows[i];

		for (size_t k = 0; k < r->count; k++) {
			struct text_cell *c = &r->cells[k];
			size_t width;

			if (c->span > 1)
				continue;
			lay_out_again(g, c, 1);
			width = measure_lines(&c->flow);
			if (width > g->least[c->column])
				g->least[c->column] = width;
		}
	}
	for (size_t i = 0; i < TEXT_CELLS_COLUMNS; i++) {
		if (g->least[i] < WIDTH_MIN)
			g->least[i] = WIDTH_MIN;
		if (g->least[i] > g->widths[i])
			g->least[i] = g->widths[i];
	}
}

/* Narrow the widest column until all fit; false if they cannot. */
static bool
shrink_columns(struct grid *g, size_t width)
{
	for (size_t i = 0; i < TEXT_CELLS_COLUMNS; i++)
		if (g->widths[i] > width)
			g->widths[i] =
			    width > g->least[i] ? width : g->least[i];
	while (measure_total(g) > width) {
		size_t widest = TEXT_CELLS_COLUMNS;

		for (size_t i = 0; i < TEXT_CELLS_COLUMNS; i++)
			if (g->widths[i] > g->least[i] &&
			    (widest == TEXT_CELLS_COLUMNS ||
				g->widths[i] > g->widths[widest]))
				widest = i;
		if (widest == TEXT_CELLS_COLUMNS)
			return false;
		g->widths[widest]--;
	}
	return true;
}

/* Set the widths; false if the table is too wide for the flow. */
static bool
fit_columns(struct grid *g)
{
	size_t width = (size_t)g->flow->para.width;

	measure_columns(g);
	if (width == 0 || measure_total(g) <= width)
		return true;
	measure_least(g);
	if (!shrink_columns(g, width))
		return false;
	for (size_t i = 0; i < g->table->count; i++) {
		struct text_row *r = &g->table->rows[i];

		for (size_t k = 0; k < r->count; k++) {
			struct text_cell *c = &r->cells[k];
			size_t n = measure_span(g, c->column, c->span);

			lay_out_again(g, c, n > 0 ? (int)n : 1);
		}
	}
	measure_columns(g);
	return measure_total(g) <= width;
}

/* Append spaces up to a column of the line. */
static void
pad_line(struct buf *line, size_t *column, size_t to)
{
	for (; *column < to; ++*column)
		buf_addc(line, ' ');
}

static void
put_cell_line(const struct grid *g, struct buf *line, size_t *column,
    const struct text_cell *c, struct str text)
{
	size_t start = measure_span(g, 0, c->column);
	size_t width = measure_span(g, c->column, c->span);
	size_t n = text_fill_columns(g->flow->para.fields, text);

	start += start > 0 ? BETWEEN : 0;
	if (c->right && n < width)
		start += width - n;
	if (n == 0)
		return;
	pad_line(line, column, start);
	buf_addstr(line, text);
	*column += n;
}

static void
draw_row(const struct grid *g, const struct text_row *r)
{
	struct str *rest = mem_new(r->count * sizeof(*rest));
	bool more = true;
	struct buf line = {0};

	for (size_t k = 0; k < r->count; k++)
		rest[k] = buf_str(&r->cells[k].flow.para.lines.text);
	while (more) {
		size_t column = 0;

		more = false;
		buf_reset(&line);
		for (size_t k = 0; k < r->count; k++) {
			struct str text;

			if (!str_line(&rest[k], &text))
				continue;
			more = true;
			put_cell_line(g, &line, &column, &r->cells[k], text);
		}
		if (line.len > 0)
			text_flow_draw(g->flow, buf_str(&line));
	}
	buf_free(&line);
	free(rest);
}

static void
draw_dashes(const struct grid *g)
{
	struct buf line = {0};

	for (size_t i = 0; i < TEXT_CELLS_COLUMNS; i++) {
		size_t n = g->widths[i];

		if (n == 0)
			continue;
		if (line.len > 0)
			buf_adds(&line, "  ");
		memset(buf_reserve(&line, n), '-', n);
		line.len += n;
	}
	text_lines_add(&g->flow->para.lines, buf_str(&line));
	buf_free(&line);
}

/* Append the heading of a cell's column, on one line, and ": ". */
static void
put_column_heading(
    struct buf *out, const struct text_cells *t, const struct text_cell *cell)
{
	const struct text_row *r = &t->rows[0];

	for (size_t k = 0; r->head && k < r->count; k++) {
		const struct text_cell *c = &r->cells[k];
		struct str s = buf_str(&c->flow.para.lines.text);

		if (cell->column < c->column ||
		    cell->column >= c->column + c->span || s.n == 0)
			continue;
		for (size_t i = 0; i + 1 < s.n; i++)
			buf_addc(out, s.p[i] == '\n' ? ' ' : s.p[i]);
		buf_adds(out, ": ");
		return;
	}
}

static void
put_cell_value(struct grid *g, struct text_cell *c)
{
	struct buf heading = {0};
	size_t used;

	put_column_heading(&heading, g->table, c);
	used = text_fill_columns(g->flow->para.fields, buf_str(&heading));
	lay_out_again(g, c,
	    (int)used < g->flow->para.width ? g->flow->para.width - (int)used
					    : 1);
	if (c->flow.para.lines.count > 0) {
		text_flow_attach(g->flow, &c->flow, buf_str(&heading), STR(""));
		text_flow_break(g->flow, GAP_LINE);
	}
	buf_free(&heading);
}

/* A block for each row, a line for each cell. */
static void
put_blocks(struct grid *g)
{
	size_t first = g->table->rows[0].head ? 1 : 0;

	/* Undo the narrow layout that measured the headings. */
	for (size_t k = 0; first > 0 && k < g->table->rows[0].count; k++)
		lay_out_again(g, &g->table->rows[0].cells[k], 0);
	for (size_t i = first; i < g->table->count; i++) {
		for (size_t k = 0; k < g->table->rows[i].count; k++)
			put_cell_value(g, &g->table->rows[i].cells[k]);
		text_flow_break(g->flow, GAP_BLANK);
	}
}

void
text_grid_put(struct text_flow *f, struct text_cells *t)
{
	struct grid g = {.flow = f, .table = t};
	bool ruled = false;

	if (!fit_columns(&g)) {
		put_blocks(&g);
		return;
	}
	for (size_t i = 0; i < t->count; i++) {
		draw_row(&g, &t->rows[i]);
		if (t->rows[i].head && !ruled && i + 1 < t->count) {
			draw_dashes(&g);
			ruled = true;
		}
	}
}
