/*
 * Links and images.
 */
#ifndef MAIL_TEXT_TEXT_LINK_H
#define MAIL_TEXT_TEXT_LINK_H

#include "mail/text/text_flow.h"

/* Open a link; text_link_leave() closes the innermost, showing its target. */
void text_link_enter(struct text_flow *, const struct html_node *);
void text_link_leave(struct text_flow *);

void text_link_put_area(struct text_flow *, const struct html_node *);
void text_link_put_image(struct text_flow *, const struct html_node *);

/*
 * The empty link in front of a table, or NULL: the parser has moved the table
 * out of it.
 */
const struct html_node *text_link_of_table(const struct html_node *table);

#endif
