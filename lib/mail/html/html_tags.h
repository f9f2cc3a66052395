/*
 * The tags of an HTML source, one after another, with their offsets: for
 * checks and for changes that leave all other bytes alone.
 */
#ifndef MAIL_HTML_HTML_TAGS_H
#define MAIL_HTML_HTML_TAGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct html_tag {
	struct str name;       /* as written */
	struct str attributes; /* from the name to the ">" */
	size_t at;             /* offset of the "<" */
	size_t end;            /* offset behind the ">" */
	bool closing;
};

/*
 * The next tag at or behind offset *at, which moves on; false at the end.
 * Comments and the content of script and style are skipped.
 */
bool html_tags_next(struct str html, size_t *at, struct html_tag *);

/*
 * The next attribute at or behind offset *at of a tag's attributes; false at
 * the end. An attribute without value has value.p == NULL. Name and value
 * point into the source; references are not decoded.
 */
bool html_tags_attribute(
    struct str attributes, size_t *at, struct str *name, struct str *value);

/* The value of the first attribute with the name; p == NULL if absent. */
struct str html_tags_value(const struct html_tag *, const char *name);

/* The line, from 1, of an offset. */
size_t html_tags_line(struct str html, size_t at);

#endif
