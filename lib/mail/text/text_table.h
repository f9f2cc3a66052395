/*
 * Tables: of data, drawn as a grid, or for layout, shown cell by cell.
 */
#ifndef MAIL_TEXT_TEXT_TABLE_H
#define MAIL_TEXT_TEXT_TABLE_H

#include "mail/text/text_flow.h"

void text_table_put(struct text_flow *, struct html_node *table);

#endif
