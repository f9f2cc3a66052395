/*
 * What hides a place of an HTML document from its readers.
 */
#ifndef MAIL_HTML_HTML_COVER_H
#define MAIL_HTML_HTML_COVER_H

#include "base/buf.h"
#include "base/str.h"

enum html_cover_kind {
	HTML_COVER_NONE,
	HTML_COVER_COMMENT, /* a comment or declaration */
	HTML_COVER_TAG,     /* a tag, with its attributes */
	HTML_COVER_RAW,     /* the content of an element without markup */
	HTML_COVER_ELEMENT, /* an element that hides */
};

struct html_cover {
	enum html_cover_kind kind;
	struct str name; /* of the element or tag */
	size_t at;       /* where it begins */
};

/* Append "a comment without its end, -->" and the like, for messages. */
void html_cover_describe_open(struct buf *, const struct html_cover *);

/* Append "a comment", or "<p>, which hides its content". */
void html_cover_describe(struct buf *, const struct html_cover *);

#endif
