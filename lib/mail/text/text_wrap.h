/*
 * Wrapping of finished plain text.
 */
#ifndef MAIL_TEXT_TEXT_WRAP_H
#define MAIL_TEXT_TEXT_WRAP_H

#include "base/buf.h"

/*
 * Append the text with its lines wrapped to width columns (0: none), by the
 * rules of text_from_html(). Quote marks are repeated, and the lines below a
 * list marker indented.
 */
void text_wrap(struct buf *, struct str text, int width);

#endif
