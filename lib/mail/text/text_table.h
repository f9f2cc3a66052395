/*
 * Inside of text: tables with data in them (T of the rules).
 */
#ifndef MAIL_TEXT_TEXT_TABLE_H
#define MAIL_TEXT_TEXT_TABLE_H

#include "mail/text/text_flow.h"

#define TEXT_TABLE_COLUMNS                                 \
	64 /* one with more is no data to be read in lines \
	    */

struct text_cell {
	struct html_node *node;
	size_t column, span;
	bool head;  /* th */
	bool right; /* aligned there, or a number */
	struct text_flow flow;
};

struct text_row {
	struct text_cell *cells;
	size_t count, cap;
	bool head; /* nothing but th */
};

struct text_table {
	struct text_row *rows;
	size_t count, cap;
	size_t columns;
	bool head;  /* it has a th or a thead */
	bool stray; /* text between the cells, or something unheard of */
	struct html_node *caption;
};

/* Rows and cells of a table, not laid out yet. */
void text_table_collect(
    struct text_table *, struct text_flow *, struct html_node *);

/* Lay all cells out without limit to their width; text_table_end() frees them.
 */
void text_table_lay_out(struct text_table *, struct text_flow *);
void text_table_end(struct text_table *);

/* Draw it as a grid, or as blocks when it is too wide. */
void text_grid_put(struct text_flow *, struct text_table *);

#endif
