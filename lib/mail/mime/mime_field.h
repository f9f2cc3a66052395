/*
 * The fields of a part's header that say how to read its body (RFC 2045 5, 6).
 */
#ifndef MAIL_MIME_MIME_FIELD_H
#define MAIL_MIME_MIME_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "mail/mime/mime_decode.h"

struct mime_field_type {
	bool given;      /* the header has the field */
	char type[80];   /* in lower case, without parameters */
	char report[40]; /* the parameter report-type, in lower case */
	char boundary[256];
	size_t boundary_length; /* 0: there is none */
	enum mime_decode_form encoding;
};

/* Take a field; others than the two are ignored, and the first one counts. */
void mime_field_read(
    struct mime_field_type *, struct str name, struct str value);

/* After the last field: what has no type is text/plain. */
void mime_field_finish(struct mime_field_type *);

#endif
