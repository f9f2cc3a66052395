/*
 * The built-in layout, the frame around the body of a course mail: Mustache
 * with the partial "body" and the fields of bm-render(1).
 */
#ifndef MAIL_MESSAGE_LAYOUT_H
#define MAIL_MESSAGE_LAYOUT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

struct layout {
	struct str html; /* p == NULL: the body stands alone */
	struct str text;
	const char *html_name; /* for messages */
	const char *text_name;
};

/* The arena holds it. Without optout the layout has no opt-out line. */
struct layout layout_builtin(bool optout, struct arena *);

#endif
