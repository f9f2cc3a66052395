/*
 * The text part of a message, made from its HTML.
 */
#ifndef MAIL_TEXT_TEXT_H
#define MAIL_TEXT_TEXT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fail.h"

enum text_links { TEXT_LINKS_INLINE, TEXT_LINKS_FOOT, TEXT_LINKS_NONE };

struct text_params {
	int width; /* columns; 0 = no wrapping */
	enum text_links links;
	bool preheader; /* keep text that is hidden as a preheader */
};

/*
 * Append the text of an HTML document or fragment: LF line ends, one at the
 * end, or nothing at all for HTML without content. Template tags in it
 * ({{x}}, %%X%% and the like) are opaque and come out as written. DATA when
 * the HTML is larger than 2 MiB or nested beyond reason.
 */
int text_from_html(
    struct buf *, struct str html, const struct text_params *, struct fail *);

/* Wrap lines of plain text to width columns as the conversion does. */
void text_wrap(struct buf *, struct str text, int width);

#endif
