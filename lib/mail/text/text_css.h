/*
 * Inside of text: the few properties of style sheets that hide or keep text.
 */
#ifndef MAIL_TEXT_CSS_H
#define MAIL_TEXT_CSS_H

#include <stdbool.h>

#include "mail/html/html.h"

enum css_font { CSS_FONT_UNSET, CSS_FONT_ZERO, CSS_FONT_REAL };

struct css {
	int none, invisible, clear; /* 1 yes, -1 no, 0 not said */
	int no_height, no_max_height, clipped;
	int right;
	enum css_font font;
	unsigned white; /* one of STYLE_WHITE, or 0 with white_set */
	bool white_set;
	int tiny; /* how often a side is at most one pixel */
	bool zero;
};

struct css_rules;

/* Take in "name: value; ..." over what is there already. */
void css_declarations(struct css *, struct str);

/* Rules of a style sheet, added to those in *rules (NULL at first). */
void css_sheet(struct css_rules **, struct str, struct arena *);

/* In the order in which they hold; once, before css_match(). */
void css_sort(struct css_rules *);

/* What the rules say of an element. */
void css_match(
    struct css *, const struct css_rules *, const struct html_node *);

#endif
