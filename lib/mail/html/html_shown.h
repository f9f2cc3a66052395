/*
 * Which parts of an HTML document a reader sees: a walk over its tokens that
 * knows what hides them. The walk follows the tree construction of the HTML
 * standard (WHATWG HTML 13.2.6) where an element hides; an element that is
 * not closed in good order there is taken to hide all that follows.
 */
#ifndef MAIL_HTML_HTML_SHOWN_H
#define MAIL_HTML_HTML_SHOWN_H

#include "mail/html/html_cover.h"
#include "mail/html/html_token.h"

#define HTML_SHOWN_DEPTH 256 /* open elements within a hidden one */
#define HTML_SHOWN_FONTS 32  /* elements that set the size of letters */

struct html_shown_element {
	struct str name;
	size_t at, end; /* of its start tag */
	size_t level;   /* open elements of its name within it */
	bool hides, tiny;
};

struct html_shown {
	struct str html;
	size_t at;
	struct html_token token;
	struct html_cover here;  /* what hides the token's content */
	struct html_cover after; /* what hides what follows the token */
	struct html_cover font;  /* the element that makes text too small */
	/* Inside. */
	struct html_shown_element stack[HTML_SHOWN_DEPTH];
	size_t depth;
	bool stuck; /* stack[0] is never closed */
	bool raw;   /* the content of a raw element is next */
	struct html_shown_element fonts[HTML_SHOWN_FONTS];
	size_t font_count;
};

void html_shown_init(struct html_shown *, struct str html);

/* Read the next token; false at the end, with "after" as it is there. */
bool html_shown_next(struct html_shown *);

#endif
