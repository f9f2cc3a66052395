/*
 * Inside of text: the few properties of style sheets that hide or keep text.
 */
#ifndef MAIL_TEXT_TEXT_CSS_H
#define MAIL_TEXT_TEXT_CSS_H

#include <stdbool.h>

#include "mail/html/html.h"

enum text_css_font { CSS_FONT_UNSET, CSS_FONT_ZERO, CSS_FONT_REAL };

struct text_css {
	int none, invisible, clear; /* 1 yes, -1 no, 0 not said */
	int no_height, no_max_height, clipped;
	int right;
	enum text_css_font font;
	unsigned white; /* one of STYLE_WHITE, or 0 with white_set */
	bool white_set;
	int tiny; /* how often a side is at most one pixel */
	bool zero;
};

struct css_rules;

/* Take in "name: value; ..." over what is there already. */
void text_css_declarations(struct text_css *, struct str);

/* Rules of a style sheet, added to those in *rules (NULL at first). */
void text_css_sheet(struct css_rules **, struct str, struct arena *);

/* In the order in which they hold; once, before text_css_match(). */
void text_css_sort(struct css_rules *);

/* What the rules say of an element. */
void text_css_match(
    struct text_css *, const struct css_rules *, const struct html_node *);

#endif
