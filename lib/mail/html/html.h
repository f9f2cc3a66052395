/*
 * HTML as mail contains it, parsed into a small tree. The parser is
 * forgiving, opens no file and no connection, and hides template tags.
 */
#ifndef MAIL_HTML_HTML_H
#define MAIL_HTML_HTML_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"
#include "mail/html/html_field.h"

#define HTML_MAX (16 << 20) /* bytes of source */

struct html_attr {
	struct html_attr *next;
	const char *name; /* lower case */
	struct str value; /* references decoded */
};

/* An element if it has a name, else text. */
struct html_node {
	struct html_node *parent, *first, *last, *next, *prev;
	const char *name;
	struct str text;
	struct html_attr *attrs;
	/* The parser leaves these at 0; the caller may use them. */
	unsigned tag;
	unsigned style;
	void *kept;
};

struct html {
	struct html_node *root; /* has no name; never NULL */
	struct str base;        /* of <base href>; p == NULL: none */
	struct html_fields fields;
};

/*
 * Parse a document or fragment of any bytes; invalid UTF-8 becomes U+FFFD.
 * The arena holds the result. DATA if the source is larger than HTML_MAX.
 */
int html_parse(struct html *, struct str source, struct arena *, struct fail *);

/* The value of an attribute; p == NULL if the element lacks it. */
struct str html_attr(const struct html_node *, const char *name);

/* The next node in document order within top, or NULL. */
struct html_node *html_next(struct html_node *, const struct html_node *top);

/* Append a line with the library's name and version, for --version. */
void html_library(struct buf *);

#endif
