/*
 * Lists: ul and ol, and items outside of any list.
 */
#ifndef MAIL_TEXT_TEXT_LIST_H
#define MAIL_TEXT_TEXT_LIST_H

#include "mail/text/text_flow.h"

void text_list_put(struct text_flow *, struct html_node *list);

/* Lay out an item outside of a list and those behind it; the last one. */
struct html_node *text_list_put_stray(
    struct text_flow *, struct html_node *item);

#endif
