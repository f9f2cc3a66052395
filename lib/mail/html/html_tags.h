/*
 * The tags of HTML as they stand in its source, one after another: for what
 * needs to know where something is, or changes it and leaves all else alone.
 */
#ifndef MAIL_HTML_HTML_TAGS_H
#define MAIL_HTML_HTML_TAGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct html_tag {
	struct str name;       /* as written */
	struct str attributes; /* what is behind it, up to the ">" */
	size_t at;             /* offset of the "<" */
	size_t end;            /* behind the ">" */
	bool closing;
};

/*
 * The next tag from offset *at on, which moves behind it; false when there is
 * none. Comments are skipped, and so is what is inside script and style.
 */
bool html_tags_next(struct str html, size_t *at, struct html_tag *);

/*
 * The next attribute from offset *at of a tag's attributes on; value.p is
 * NULL when it has none. Both point into the source, nothing is decoded.
 */
bool html_tags_attribute(
    struct str attributes, size_t *at, struct str *name, struct str *value);

/* The value of the first attribute of that name; p == NULL: there is none. */
struct str html_tags_value(const struct html_tag *, const char *name);

/* The line, from 1, of an offset. */
size_t html_tags_line(struct str html, size_t at);

#endif
