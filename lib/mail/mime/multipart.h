/*
 * The body of a message: mixed(alternative(text, related(html, images)),
 * files), without the layers that hold one part only.
 */
#ifndef MAIL_PARTS_H
#define MAIL_PARTS_H

#include <stddef.h>

#include "base/buf.h"
#include "base/fail.h"

struct part {
	struct str filename; /* without directories; UTF-8 */
	const char *type;    /* value of Content-Type */
	struct str cid;      /* Content-ID of an inline image; or p == NULL */
	struct str base64;   /* the content by mime_base64() */
};

struct parts {
	struct str ident; /* [a-z0-9], at most 60: makes the boundaries */
	struct str text, html;
	const struct part *images;
	size_t image_count;
	const struct part *files;
	size_t file_count;
};

/*
 * Append from the header Content-Type to the last boundary's CRLF. DATA for a
 * control character in text or HTML.
 */
int parts_put(struct buf *, const struct parts *, struct fail *);

/*
 * Append a named part's content, encoded once, and set its type. DATA for a
 * name with a control character.
 */
int parts_encode(
    struct part *, struct buf *base64, struct str content, struct fail *);

#endif
