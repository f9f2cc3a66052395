/*
 * Breaking a paragraph into lines by columns (UAX 11), at the places that
 * UAX 14 allows.
 */
#ifndef MAIL_TEXT_TEXT_FILL_H
#define MAIL_TEXT_TEXT_FILL_H

#include <stdbool.h>

#include "mail/html/html_field.h"

/* Marks in a paragraph; clean HTML has no control characters. */
#define MARK_BREAK '\x01' /* a line may end here */
#define MARK_HOLD '\x02'  /* no line may end from here ... */
#define MARK_FREE '\x03'  /* ... to here */
#define MARK_GLUE '\x04'  /* a space at which no line ends */

struct text_fill {
	const struct html_fields *fields;
	int width; /* columns; 0 = one line */
	void (*put)(void *ctx, struct str line);
	void *ctx;
};

/* Put the lines of a paragraph; a fixed one is one line. */
void text_fill(const struct text_fill *, struct str para, bool fixed);

/* Columns of a text with its template tags as written. */
size_t text_fill_columns(const struct html_fields *, struct str);

#endif
