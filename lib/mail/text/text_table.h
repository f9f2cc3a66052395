/*
 * Inside of text: tables with data in them (T of the rules).
 */
#ifndef MAIL_TEXT_TABLE_H
#define MAIL_TEXT_TABLE_H

#include "mail/text/text_flow.h"

#define TABLE_COLUMNS 64 /* one with more is no data to be read in lines */

struct cell {
	struct html_node *node;
	size_t column, span;
	bool head;  /* th */
	bool right; /* aligned there, or a number */
	struct flow flow;
};

struct row {
	struct cell *cells;
	size_t count, cap;
	bool head; /* nothing but th */
};

struct table {
	struct row *rows;
	size_t count, cap;
	size_t columns;
	bool head;  /* it has a th or a thead */
	bool stray; /* text between the cells, or something unheard of */
	struct html_node *caption;
};

/* Rows and cells of a table, not laid out yet. */
void table_collect(struct table *, struct flow *, struct html_node *);

/* Lay all cells out without limit to their width; table_end() frees them. */
void table_lay_out(struct table *, struct flow *);
void table_end(struct table *);

/* Draw it as a grid, or as blocks when it is too wide. */
void text_grid_put(struct flow *, struct table *);

#endif
