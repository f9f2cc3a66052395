/*
 * The built-in layout: what stands round the body of a course mail. Mustache
 * with the partial "body"; the fields are those of bm-render(1).
 */
#ifndef MAIL_MESSAGE_LAYOUT_H
#define MAIL_MESSAGE_LAYOUT_H

#include <stdbool.h>

#include "base/str.h"

struct layout {
	struct str html; /* p == NULL: the body stands alone */
	struct str text;
	const char *html_name; /* for messages */
	const char *text_name;
};

/* Borrowed, for ever. optout false leaves the opt-out line out. */
struct layout layout_builtin(bool optout);

#endif
