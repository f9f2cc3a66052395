/*
 * The walk over the tree: each node becomes inline text, or a block.
 */
#ifndef MAIL_TEXT_TEXT_WALK_H
#define MAIL_TEXT_TEXT_WALK_H

#include "mail/text/text_flow.h"

/* Lay out the document of a job, whose walk is set here. */
void text_walk_document(struct text_flow *);

#endif
