/*
 * The finished lines of a flow, and the gaps between them.
 */
#ifndef MAIL_TEXT_TEXT_LINES_H
#define MAIL_TEXT_TEXT_LINES_H

#include <stdbool.h>

#include "base/buf.h"

/* The separation of two lines; of several gaps the largest counts. */
enum text_gap { GAP_NONE, GAP_LINE, GAP_BLANK };

struct text_lines {
	struct buf text; /* the lines, each with its LF */
	size_t count;    /* without blank lines */
	bool blank_inside;
	enum text_gap gap;  /* due before the next line */
	enum text_gap lead; /* was due before the first line */
	bool *shown;        /* each line sets it to true */
};

/* Put at least this gap before the next line. */
void text_lines_separate(struct text_lines *, enum text_gap);

/* Add one line, which has no LF. */
void text_lines_add(struct text_lines *, struct str line);

/* Add the lines and the outer gaps of another flow. */
void text_lines_append(struct text_lines *, const struct text_lines *);

#endif
