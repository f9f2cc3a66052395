/*
 * Inside of text: what elements are and how style sheets show them.
 */
#ifndef MAIL_TEXT_TEXT_STYLE_H
#define MAIL_TEXT_TEXT_STYLE_H

#include "mail/html/html.h"

enum text_tag {
	TAG_INLINE, /* transparent, whatever it is */
	TAG_TEXT,
	TAG_SKIP,  /* never shown, nor what is in it */
	TAG_LINE,  /* a block on lines of its own */
	TAG_DIV,   /* likewise; empty ones are blank lines */
	TAG_BLANK, /* a block between blank lines */
	TAG_P,
	TAG_PRE,
	TAG_H1,
	TAG_H2,
	TAG_QUOTE,
	TAG_UL,
	TAG_OL,
	TAG_LI,
	TAG_DD,
	TAG_TABLE,
	TAG_ROWS, /* thead, tbody, tfoot */
	TAG_TR,
	TAG_TD,
	TAG_TH,
	TAG_CAPTION,
	TAG_A,
	TAG_AREA,
	TAG_BR,
	TAG_HR,
	TAG_IMG,
	TAG_Q,
	TAG_SUP,
};

enum text_style {
	STYLE_HIDDEN = 1,
	STYLE_TINY = 2, /* font-size 0 */
	STYLE_RIGHT = 4,
	STYLE_PRE = 8,       /* line ends and blanks stay */
	STYLE_PRE_WRAP = 16, /* likewise, but lines are filled */
	STYLE_PRE_LINE = 32, /* line ends stay */
};

#define STYLE_WHITE (STYLE_PRE | STYLE_PRE_WRAP | STYLE_PRE_LINE)

/* Set tag and style of all nodes. */
void text_style(struct html *, struct arena *);

/* Is the image or its area too small to be seen? */
bool text_style_pixel(const struct html_node *);

#endif
