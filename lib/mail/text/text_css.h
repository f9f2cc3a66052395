/*
 * Style sheets, reduced to the few properties that hide text, strike it out,
 * keep its white space, or put it beside or below other text.
 */
#ifndef MAIL_TEXT_TEXT_CSS_H
#define MAIL_TEXT_TEXT_CSS_H

#include <stdbool.h>

#include "base/arena.h"
#include "mail/html/html.h"

enum text_css_font {
	TEXT_CSS_FONT_UNSET,
	TEXT_CSS_FONT_ZERO,
	TEXT_CSS_FONT_REAL,
};

enum text_css_white {
	TEXT_CSS_NORMAL,
	TEXT_CSS_PRE,
	TEXT_CSS_PRE_WRAP,
	TEXT_CSS_PRE_LINE,
};

enum text_css_display {
	TEXT_CSS_DISPLAY_UNSET,
	TEXT_CSS_INLINE,
	TEXT_CSS_BOX,   /* inline-block, table-cell and the like */
	TEXT_CSS_BLOCK, /* all others */
};

struct text_css {
	/* 1 yes, -1 no, 0 not declared. */
	int none, invisible, clear;
	int no_height, no_max_height, clipped;
	int right, struck, no_marker;
	enum text_css_display display;
	enum text_css_font font;
	enum text_css_white white;
	bool white_set;
	int tiny;  /* width and height declarations of at most one pixel */
	bool zero; /* a width or height is 0 */
};

struct text_css_rules;

/* Apply "name: value; ..." on top of earlier declarations. */
void text_css_declarations(struct text_css *, struct str);

/* Add a style sheet to *rules, NULL at first; sort once, before any match. */
void text_css_sheet(struct text_css_rules **, struct str, struct arena *);
void text_css_sort(struct text_css_rules *);

/* Apply the declarations of all rules that match an element. */
void text_css_match(
    struct text_css *, const struct text_css_rules *, const struct html_node *);

#endif
