/*
 * What kind of element each node is, and how style sheets show it.
 */
#ifndef MAIL_TEXT_TEXT_STYLE_H
#define MAIL_TEXT_TEXT_STYLE_H

#include "mail/html/html.h"
#include "mail/text/text_tag.h"

enum text_style {
	STYLE_HIDDEN = 1,
	STYLE_TINY = 2, /* font-size 0 */
	STYLE_RIGHT = 4,
	STYLE_PRE = 8,       /* line ends and blanks stay */
	STYLE_PRE_WRAP = 16, /* line ends and blanks stay, lines are filled */
	STYLE_PRE_LINE = 32, /* line ends stay */
	STYLE_STRUCK = 256,
	STYLE_BOX = 512,       /* beside another one after a space */
	STYLE_BLOCK = 1024,    /* on lines of its own, what is none by tag */
	STYLE_UNMARKED = 2048, /* items without bullets or numbers */
	STYLE_CHANGES = 64,    /* a record's values are in the subtree */
	STYLE_LINKS = 128,     /* a link is in the subtree */
};

#define STYLE_WHITE (STYLE_PRE | STYLE_PRE_WRAP | STYLE_PRE_LINE)

/* Set tag (enum text_tag) and style (enum text_style flags) of all nodes. */
void text_style(struct html *, struct arena *);

/* Text of nothing but white space; an image too small to be seen. */
bool text_style_is_blank(const struct html_node *);
bool text_style_is_pixel(const struct html_node *);

#endif
