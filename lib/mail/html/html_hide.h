/*
 * Elements that hide what stands in them, by their kind, an attribute or their
 * own style; what a style sheet makes of them is not looked at.
 */
#ifndef MAIL_HTML_HTML_HIDE_H
#define MAIL_HTML_HTML_HIDE_H

#include <stdbool.h>

#include "base/str.h"

/*
 * True if readers do not see, or cannot click, all of an element's content.
 * Attributes: as html_token has them. In doubt true: a clipped or shifted
 * element, a property that cannot be judged by its value alone.
 */
bool html_hide_tag(struct str name, struct str attributes);

/* The same for the value of a style attribute. */
bool html_hide_style(struct str style);

enum html_hide_font {
	HTML_HIDE_FONT_UNSET, /* or relative to that around it */
	HTML_HIDE_FONT_REAL,
	HTML_HIDE_FONT_TINY,
};

/* The size of letters that a style sets, for text that sets no other one. */
enum html_hide_font html_hide_font(struct str style);

#endif
