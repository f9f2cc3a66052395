/*
 * HTML as mail has it, made into a small tree. The parse is forgiving, opens
 * no file and no connection, and takes template tags out of its way.
 */
#ifndef MAIL_HTML_HTML_H
#define MAIL_HTML_HTML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"

#define HTML_MAX (2 << 20) /* bytes of source */

/* Template tags, each of which is one private-use character in the tree. */
struct html_fields {
	struct str *items; /* as written */
	size_t count, cap;
};

struct html_attr {
	struct html_attr *next;
	const char *name; /* lower case */
	struct str value; /* references decoded */
};

/* An element when it has a name, else text. */
struct html_node {
	struct html_node *parent, *first, *last, *next, *prev;
	const char *name;
	struct str text;
	struct html_attr *attrs;
	unsigned tag; /* free for the user, like the rest; 0 at first */
	unsigned style;
};

struct html {
	struct html_node *root; /* without a name; never NULL */
	struct html_fields fields;
};

/*
 * Parse a document or fragment of any bytes; invalid UTF-8 becomes U+FFFD.
 * All of it lives in the arena. DATA when it is larger than HTML_MAX.
 */
int html_parse(struct html *, struct str source, struct arena *, struct fail *);

/* The value of an attribute; p == NULL when there is none. */
struct str html_attr(const struct html_node *, const char *name);

/* The next node in document order within top, or NULL. */
struct html_node *html_next(struct html_node *, const struct html_node *top);

/* Likewise, leaving out what is in the node itself. */
struct html_node *html_skip(struct html_node *, const struct html_node *top);

/* The template tag that this character stands for; p == NULL: none. */
struct str html_field(const struct html_fields *, uint32_t cp);

/* Cut *s behind its first field: that, and the text before it; or false. */
bool html_next_field(const struct html_fields *, struct str *s,
    struct str *before, struct str *field);

/* Append the text with the template tags put back as they were. */
void html_restore(struct buf *, const struct html_fields *, struct str);

/* A line with the name and version of the library, for --version. */
void html_library(struct buf *);

#endif
