/*
 * The tokens of an HTML source, where the tokenizer of the HTML standard
 * (WHATWG HTML 13.2.5) finds them: what browsers take for a comment is one
 * here.
 */
#ifndef MAIL_HTML_HTML_TOKEN_H
#define MAIL_HTML_HTML_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

enum html_token_kind {
	HTML_TOKEN_TEXT,
	HTML_TOKEN_START,
	HTML_TOKEN_END,
	HTML_TOKEN_COMMENT, /* a declaration as well */
	HTML_TOKEN_RAW,     /* the content of an element without markup */
};

struct html_token {
	enum html_token_kind kind;
	bool open;        /* the source ends within the token */
	bool self_closed; /* a start tag with "/>" */
	size_t at, end;   /* offsets of the first byte and behind the last */
	struct str name;  /* of a tag, as written */
	struct str attributes; /* for html_tags_attribute() */
};

/* The token at *at, which moves on behind it; false at the end. */
bool html_token_next(struct str html, size_t *at, struct html_token *);

/*
 * The content from *at to the end tag of a raw element of that name (script,
 * style, title, textarea, xmp, iframe, noembed, noframes); plaintext has no
 * end. *at moves on to the end tag.
 */
void html_token_raw(
    struct str html, size_t *at, struct str name, struct html_token *);

/* True for the elements that html_token_raw() is for. */
bool html_token_is_raw(struct str name);

#endif
