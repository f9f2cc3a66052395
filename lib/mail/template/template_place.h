/*
 * The kinds of places in an HTML document where a value can be written, and
 * how a value is written in each of them.
 */
#ifndef MAIL_TEMPLATE_TEMPLATE_PLACE_H
#define MAIL_TEMPLATE_TEMPLATE_PLACE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fail.h"

enum template_place {
	PLACE_RAW,    /* unchanged */
	PLACE_HTML,   /* text, comment or a quoted attribute: & < > " ' */
	PLACE_URL,    /* a quoted attribute that takes a URL */
	PLACE_STYLE,  /* style sheet or style attribute */
	PLACE_NO_TAG, /* no value is safe here */
};

/*
 * Append a value as the place demands. DATA with the reason ("is not an http,
 * https or mailto URL") when the place cannot take it. empty_url: an empty
 * URL is accepted.
 */
int template_place_put(struct buf *, enum template_place, struct str value,
    bool empty_url, struct fail *);

#endif
