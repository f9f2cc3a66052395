/*
 * The kinds of elements, by their names and by display.
 */
#ifndef MAIL_TEXT_TEXT_TAG_H
#define MAIL_TEXT_TEXT_TAG_H

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
	TAG_SUB,
	TAG_RT,   /* how a ruby's text is read */
	TAG_OVER, /* one of the two parts of a fraction */
};

#endif
