/*
 * Maps an offset in (generated) HTML back to a line of the author's file.
 */
#ifndef MAIL_HTML_SOURCE_H
#define MAIL_HTML_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct source {
	struct str bytes;    /* the HTML; p == NULL if there is none */
	const char *name;    /* the file's, for messages */
	struct str markdown; /* from which the HTML was made; p == NULL: HTML */
	bool plain;          /* that is plain text and no Markdown */
};

/*
 * The line of the file, from 1, for the tag at an offset of the HTML. In
 * Markdown the search goes by the tag itself, a quoted value of it, and the
 * text behind it; 1 if the Markdown contains none of them.
 */
size_t source_line(const struct source *, size_t at);

#endif
