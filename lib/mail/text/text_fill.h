/*
 * Inside of text: a paragraph and its lines.
 */
#ifndef MAIL_TEXT_TEXT_FILL_H
#define MAIL_TEXT_TEXT_FILL_H

#include "mail/html/html.h"

/* Marks in a paragraph; the source has no control characters left. */
#define MARK_BREAK '\x01' /* a line may end here */
#define MARK_HOLD '\x02'  /* no line may end from here ... */
#define MARK_FREE '\x03'  /* ... to here */
#define MARK_GLUE '\x04'  /* a blank at which no line ends */

/* Columns of a text, with template tags as they are written. */
size_t text_fill_columns(const struct html_fields *, struct str);

/* Break a paragraph into lines of at most width columns (0: one line). */
struct text_filler {
	const struct html_fields *fields;
	int width;
	void (*put)(void *ctx, struct str line);
	void *ctx;
};

void text_fill(const struct text_filler *, struct str para, bool fixed);

/* The next line of finished text; *at moves on; false at the end. */
bool text_fill_next_line(struct str, size_t *at, struct str *line);

#endif
