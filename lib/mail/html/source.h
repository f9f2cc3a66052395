/*
 * HTML, and where what is in it stands in the file that somebody wrote.
 */
#ifndef MAIL_HTML_SOURCE_H
#define MAIL_HTML_SOURCE_H

#include <stddef.h>

#include "base/str.h"

struct source {
	struct str bytes;    /* p == NULL: there is none */
	const char *name;    /* of the file, for messages */
	struct str markdown; /* what the bytes were made from; or p == NULL */
};

/*
 * The line, from 1, of the file for the tag at an offset of the bytes. In
 * Markdown it is looked for by what is the same there: the tag, an address,
 * the text behind it; 1 when nothing is.
 */
size_t source_line(const struct source *, size_t at);

#endif
