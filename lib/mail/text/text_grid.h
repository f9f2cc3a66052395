/*
 * Drawing a table of data.
 */
#ifndef MAIL_TEXT_TEXT_GRID_H
#define MAIL_TEXT_TEXT_GRID_H

#include "mail/text/text_cells.h"

/* Draw the table in columns, or, if it is too wide, a block for each row. */
void text_grid_put(struct text_flow *, struct text_cells *);

#endif
