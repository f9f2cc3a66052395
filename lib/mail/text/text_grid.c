/* Drawing a table in columns. */
#include <stdlib.h>
#include <string.h>

#include "mail/text/text_table.h"

#include "base/buf.h"
#include "base/mem.h"

#define BETWEEN 2   /* blanks between columns */
#define WIDTH_MIN 8 /* of a column that is made narrower */

struct grid {
	struct text_flow *flow;
	struct text_table *table;
	size_t widths[TEXT_TABLE_COLUMNS]; /* 0: nothing is in it */
	size_t least[TEXT_TABLE_COLUMNS];
};

static size_t
lines_width(const struct text_flow *f)
{
	struct str line;
	size_t at = 0, width = 0;

	while (text_fill_next_line(buf_str(&f->out), &at, &line)) {
		size_t n = text_fill_columns(&f->job->html.fields, line);

		width = n > width ? n : width;
	}
	return width;
}

/* From the column on, the blanks between them included. */
static size_t
span_width(const struct grid *g, size_t column, size_t span)
{
	size_t width = 0;

	for (size_t i = column; i < column + span && i < TEXT_TABLE_COLUMNS;
	     i++)
		if (g->widths[i] > 0)
			width += g->widths[i] + (width > 0 ? BETWEEN : 0);
	return width;
}

static size_t
total_width(const struct grid *g)
{
	return span_width(g, 0, TEXT_TABLE_COLUMNS);
}

/* What the cells hold; those that span columns widen the last of these. */
static void
measure(struct grid *g)
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
				had = span_width(g, c->column, c->span);
				width = lines_width(&c->flow);
				if (width > had)
					g->widths[last] += width - had;
			}
		}
	}
}

static void
lay_out_again(struct grid *g, struct text_cell *c, int width)
{
	text_flow_end(&c->flow);
	c->flow = text_flow_inner(g->flow, width);
	c->flow.width = width > 0 ? width : 0;
	text_flow_content(&c->flow, c->node);
}

/* The longest word, but no less than 8 columns. */
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
			width = lines_width(&c->flow);
			if (width > g->least[c->column])
				g->least[c->column] = width;
		}
	}
	for (size_t i = 0; i < TEXT_TABLE_COLUMNS; i++) {
		if (g->least[i] < WIDTH_MIN)
			g->least[i] = WIDTH_MIN;
		if (g->least[i] > g->widths[i])
			g->least[i] = g->widths[i];
	}
}

/* Take from the widest column as long as one can give. */
static bool
shrink(struct grid *g, size_t width)
{
	for (size_t i = 0; i < TEXT_TABLE_COLUMNS; i++)
		if (g->widths[i] > width)
			g->widths[i] =
			    width > g->least[i] ? width : g->least[i];
	while (total_width(g) > width) {
		size_t widest = TEXT_TABLE_COLUMNS;

		for (size_t i = 0; i < TEXT_TABLE_COLUMNS; i++)
			if (g->widths[i] > g->least[i] &&
			    (widest == TEXT_TABLE_COLUMNS ||
				g->widths[i] > g->widths[widest]))
				widest = i;
		if (widest == TEXT_TABLE_COLUMNS)
			return false;
		g->widths[widest]--;
	}
	return true;
}

static bool
fit(struct grid *g)
{
	size_t width = (size_t)g->flow->width;

	measure(g);
	if (width == 0 || total_width(g) <= width)
		return true;
	measure_least(g);
	if (!shrink(g, width))
		return false;
	for (size_t i = 0; i < g->table->count; i++) {
		struct text_row *r = &g->table->rows[i];

		for (size_t k = 0; k < r->count; k++) {
			struct text_cell *c = &r->cells[k];
			size_t n = span_width(g, c->column, c->span);

			lay_out_again(g, c, n > 0 ? (int)n : 1);
		}
	}
	measure(g);
	return total_width(g) <= width;
}

/* Append blanks up to a column of the line. */
static void
pad(struct buf *line, size_t *column, size_t to)
{
	for (; *column < to; ++*column)
		buf_addc(line, ' ');
}

static void
put_cell_line(const struct grid *g, struct buf *line, size_t *column,
    const struct text_cell *c, struct str text)
{
	size_t start = span_width(g, 0, c->column);
	size_t width = span_width(g, c->column, c->span);
	size_t n = text_fill_columns(&g->flow->job->html.fields, text);

	start += start > 0 ? BETWEEN : 0;
	if (c->right && n < width)
		start += width - n;
	if (n == 0)
		return;
	pad(line, column, start);
	buf_addstr(line, text);
	*column += n;
}

static void
put_row(const struct grid *g, const struct text_row *r)
{
	size_t *at = mem_new(r->count * sizeof(*at));
	bool more = true;
	struct buf line = {0};

	while (more) {
		size_t column = 0;

		more = false;
		buf_reset(&line);
		for (size_t k = 0; k < r->count; k++) {
			struct str text;

			if (!text_fill_next_line(
				buf_str(&r->cells[k].flow.out), &at[k], &text))
				continue;
			more = true;
			put_cell_line(g, &line, &column, &r->cells[k], text);
		}
		if (line.len > 0)
			text_flow_drawn_line(g->flow, buf_str(&line));
	}
	buf_free(&line);
	free(at);
}

static void
put_dashes(const struct grid *g)
{
	struct buf line = {0};

	for (size_t i = 0; i < TEXT_TABLE_COLUMNS; i++) {
		size_t n = g->widths[i];

		if (n == 0)
			continue;
		if (line.len > 0)
			buf_adds(&line, "  ");
		memset(buf_reserve(&line, n), '-', n);
		line.len += n;
	}
	text_flow_line(g->flow, buf_str(&line));
	buf_free(&line);
}

/* Text of the heading over a column, on one line. */
static void
put_heading(
    struct buf *out, const struct text_table *t, const struct text_cell *cell)
{
	const struct text_row *r = &t->rows[0];

	for (size_t k = 0; r->head && k < r->count; k++) {
		const struct text_cell *c = &r->cells[k];
		struct str s = buf_str(&c->flow.out);

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
put_value(struct grid *g, struct text_cell *c)
{
	struct buf heading = {0};
	size_t used;

	put_heading(&heading, g->table, c);
	used = text_fill_columns(&g->flow->job->html.fields, buf_str(&heading));
	lay_out_again(
	    g, c, (int)used < g->flow->width ? g->flow->width - (int)used : 1);
	if (c->flow.lines > 0) {
		text_flow_attach(g->flow, &c->flow, buf_str(&heading), STR(""));
		text_flow_break(g->flow, GAP_LINE);
	}
	buf_free(&heading);
}

/* Too wide for columns: a block for each row. */
static void
put_blocks(struct grid *g)
{
	size_t first = g->table->rows[0].head ? 1 : 0;

	/* A narrow layout of the headings was for measuring only. */
	for (size_t k = 0; first > 0 && k < g->table->rows[0].count; k++)
		lay_out_again(g, &g->table->rows[0].cells[k], 0);
	for (size_t i = first; i < g->table->count; i++) {
		for (size_t k = 0; k < g->table->rows[i].count; k++)
			put_value(g, &g->table->rows[i].cells[k]);
		text_flow_break(g->flow, GAP_BLANK);
	}
}

void
text_grid_put(struct text_flow *f, struct text_table *t)
{
	struct grid g = {.flow = f, .table = t};
	bool ruled = false;

	if (!fit(&g)) {
		put_blocks(&g);
		return;
	}
	for (size_t i = 0; i < t->count; i++) {
		put_row(&g, &t->rows[i]);
		if (t->rows[i].head && !ruled && i + 1 < t->count) {
			put_dashes(&g);
			ruled = true;
		}
	}
}
