/*
 * How the text of an HTML document is to look.
 */
#ifndef MAIL_TEXT_TEXT_PARAMS_H
#define MAIL_TEXT_TEXT_PARAMS_H

#include <stdbool.h>

#include "base/str.h"

/* Where the target of a link is shown. */
enum text_links {
	TEXT_LINKS_INLINE, /* behind the link, in <> */
	TEXT_LINKS_FOOT,   /* in a numbered list at the end */
	TEXT_LINKS_NONE,
};

struct text_params {
	int width; /* columns; 0 = no wrapping */
	enum text_links links;
	struct str base; /* of relative links; a <base> goes before it */
	bool preheader;  /* show hidden text in front of all visible text */
};

#endif
