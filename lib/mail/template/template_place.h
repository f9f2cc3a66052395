/*
 * Where in an HTML document a template's tag stands, and how a value must be
 * written there. A scanner follows the literal text between the tags.
 */
#ifndef MAIL_TEMPLATE_TEMPLATE_PLACE_H
#define MAIL_TEMPLATE_TEMPLATE_PLACE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fail.h"

enum template_place {
	PLACE_RAW,    /* as it is */
	PLACE_HTML,   /* text, comment or a quoted attribute: & < > " ' */
	PLACE_URL,    /* a quoted attribute that takes a URL */
	PLACE_STYLE,  /* style sheet or style attribute */
	PLACE_NO_TAG, /* nothing can be written safely here */
};

enum template_scan_state {
	SCAN_TEXT,
	SCAN_OPEN,   /* behind < */
	SCAN_MARKUP, /* behind <! */
	SCAN_COMMENT,
	SCAN_BOGUS,   /* <!x or <?x up to > */
	SCAN_ELEMENT, /* an element's name */
	SCAN_TAG,     /* within a tag, before an attribute */
	SCAN_NAME,    /* an attribute's name */
	SCAN_EQUALS,  /* behind it, before = */
	SCAN_VALUE,   /* behind = */
	SCAN_QUOTED,
	SCAN_BARE,    /* a value without quotes */
	SCAN_RAWTEXT, /* content of script or style */
};

/* Plain bytes: two scanners in the same place compare equal. */
struct template_scan {
	enum template_scan_state state;
	char quote;
	bool closing;       /* the tag is an end tag */
	unsigned char seen; /* bytes of what would end a comment or rawtext */
	char element[12];   /* lower case, cut */
	char name[17];      /* of the attribute; likewise */
};

/* Go on over literal text. */
void template_scan_text(struct template_scan *, struct str);

/* How a value is written where the scanner is. */
enum template_place template_scan_place(const struct template_scan *);

/* Why template_scan_place() is PLACE_NO_TAG. */
const char *template_scan_reason(const struct template_scan *);

/* A value of unknown content was written. */
void template_scan_value(struct template_scan *);

/*
 * Two ways lead here (a section shown or not): the place that holds for both
 * into *a, or false when they have nothing in common.
 */
bool template_scan_join(struct template_scan *a, const struct template_scan *b);

/*
 * Append a value as the place demands. DATA with the reason ("is not an
 * http, https or mailto URL") when it cannot stand there. An empty URL is
 * taken when the flag says so.
 */
int template_place_put(struct buf *, enum template_place, struct str value,
    bool empty_url, struct fail *);

#endif
