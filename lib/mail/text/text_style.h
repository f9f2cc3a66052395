/*
 * What kind of element each node is, and how style sheets show it.
 */
#ifndef MAIL_TEXT_TEXT_STYLE_H
#define MAIL_TEXT_TEXT_STYLE_H

#include "mail/html/html.h"

enum text_tag {
	TAG_INLINE, /* transparent, whatever it is */
	TAG_TEXT,
	TAG_SKIP,  /* never shown, with its content */
	TAG_LINE,  /* a block on its own lines */
	TAG_DIV,   /* the same; a div of no-break spaces is a blank line */
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
	STYLE_PRE_WRAP = 16, /* line ends and blanks stay, lines are filled */
	STYLE_PRE_LINE = 32, /* line ends stay */
	STYLE_CHANGES = 64,  /* a record's values are in the subtree */
	STYLE_LINKS = 128,   /* a link is in the subtree */
};

#define STYLE_WHITE (STYLE_PRE | STYLE_PRE_WRAP | STYLE_PRE_LINE)

/* Set tag (enum text_tag) and style (enum text_style flags) of all nodes. */
void text_style(struct html *, struct arena *);

/* Text of nothing but white space; an image too small to be seen. */
bool text_style_is_blank(const struct html_node *);
bool text_style_is_pixel(const struct html_node *);

#endif
