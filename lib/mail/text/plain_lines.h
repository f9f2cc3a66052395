/*
 * Inside of plain_fast: a text template whose lines are set already, but for
 * those that have fields in them.
 */
#ifndef MAIL_TEXT_PLAIN_LINES_H
#define MAIL_TEXT_PLAIN_LINES_H

#include <stdbool.h>

#include "base/buf.h"

/*
 * Append a template made of two conversions of the same HTML, one set to the
 * width and one not wrapped at all: from the first the lines without tags,
 * from the second, marked, those with tags, and the underline of a heading
 * that has some. False when the two do not go together.
 */
bool plain_lines_merge(struct buf *, struct str set, struct str unset);

/* Append the rendered template with the marked lines wrapped and underlined. */
void plain_lines_finish(struct buf *, struct str text, int width);

#endif
