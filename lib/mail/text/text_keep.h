/*
 * A tree that is laid out for many records: a block without a record's value
 * is laid out once for each width, and its lines are kept.
 */
#ifndef MAIL_TEXT_TEXT_KEEP_H
#define MAIL_TEXT_TEXT_KEEP_H

#include "mail/text/text_flow.h"

/*
 * Set STYLE_CHANGES or STYLE_LINKS in a node and in the elements around it,
 * before the tree is laid out for the first time.
 */
void text_keep_mark(struct html_node *, unsigned style);

/*
 * Put the lines of a block, laid out now or before; false, with nothing done,
 * if they may differ from record to record, or by what is around the block.
 */
bool text_keep_put(struct text_flow *, struct html_node *);

#endif
