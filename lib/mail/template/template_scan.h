/*
 * A scanner that follows the literal HTML between the tags of a template and
 * knows in which place the next tag is.
 */
#ifndef MAIL_TEMPLATE_TEMPLATE_SCAN_H
#define MAIL_TEMPLATE_TEMPLATE_SCAN_H

#include <stdbool.h>

#include "base/str.h"
#include "mail/template/template_place.h"

enum template_scan_state {
	SCAN_TEXT,
	SCAN_OPEN,   /* after < */
	SCAN_MARKUP, /* after <! */
	SCAN_COMMENT,
	SCAN_BOGUS,   /* <!x or <?x up to > */
	SCAN_ELEMENT, /* the name of an element */
	SCAN_TAG,     /* in a tag, before an attribute */
	SCAN_NAME,    /* the name of an attribute */
	SCAN_EQUALS,  /* after that name, before = */
	SCAN_VALUE,   /* after = */
	SCAN_QUOTED,
	SCAN_BARE,    /* a value without quotes */
	SCAN_RAWTEXT, /* content of script or style */
};

/* Plain bytes: two scanners in the same place compare equal. */
struct template_scan {
	enum template_scan_state state;
	char quote;
	bool closing;       /* the tag is an end tag */
	unsigned char seen; /* bytes seen of the end of a comment or rawtext */
	char element[12];   /* lower case, truncated */
	char name[17];      /* of the attribute; lower case, truncated */
};

/* Go on over literal text. */
void template_scan_text(struct template_scan *, struct str);

/* The place where the scanner is. */
enum template_place template_scan_place(const struct template_scan *);

/* Why template_scan_place() is PLACE_NO_TAG. */
const char *template_scan_reason(const struct template_scan *);

/* Go on over a value of unknown content. */
void template_scan_value(struct template_scan *);

/*
 * The paths with and without a section meet. True: *a is the place of both.
 * False: the paths end in different places.
 */
bool template_scan_join(struct template_scan *a, const struct template_scan *b);

#endif
