/*
 * A text template with finished lines, except for those that contain fields.
 */
#ifndef MAIL_TEXT_PLAIN_LINES_H
#define MAIL_TEXT_PLAIN_LINES_H

#include <stdbool.h>

#include "base/buf.h"

/*
 * Append a template made of two conversions of the same HTML, one wrapped to
 * the width and one without wrapping: lines without tags come from the first;
 * lines with tags, marked, from the second; the underline of a heading with
 * tags is marked too. False if the two texts do not correspond.
 */
bool plain_lines_merge(struct buf *, struct str set, struct str unset);

/* Append the rendered template, its marked lines wrapped and underlined. */
void plain_lines_finish(struct buf *, struct str text, int width);

#endif
