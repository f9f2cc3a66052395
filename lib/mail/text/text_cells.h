/*
 * The rows and cells of a table.
 */
#ifndef MAIL_TEXT_TEXT_CELLS_H
#define MAIL_TEXT_TEXT_CELLS_H

#include "mail/text/text_flow.h"

#define TEXT_CELLS_COLUMNS 64 /* a table with more of them is no data */

struct text_cell {
	struct html_node *node;
	size_t column, span;
	bool head;  /* th */
	bool right; /* aligned to the right, or a number */
	struct text_flow flow;
};

struct text_row {
	struct text_cell *cells;
	size_t count, cap;
	bool head; /* all cells are th */
};

struct text_cells {
	struct text_row *rows;
	size_t count, cap;
	size_t columns;
	bool head;  /* the table has a th or a thead */
	bool stray; /* text or unknown elements between the cells */
	struct html_node *caption;
};

/* Collect the visible rows and cells of a table; no cell is laid out. */
void text_cells_collect(
    struct text_cells *, struct text_flow *, struct html_node *table);

/* Lay out all cells without a limit of width. */
void text_cells_lay_out(struct text_cells *, struct text_flow *);
void text_cells_free(struct text_cells *);

#endif
