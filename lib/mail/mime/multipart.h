/*
 * The body of a message (RFC 2046): mixed(alternative(text, related(html,
 * images), calendar), files), without the layers that would hold one part only.
 */
#ifndef MAIL_MIME_MULTIPART_H
#define MAIL_MIME_MULTIPART_H

#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"

struct multipart_part {
	struct str filename; /* without directories; UTF-8 */
	const char *type;    /* value of Content-Type */
	struct str cid;      /* Content-ID of an inline image; or p == NULL */
	struct str base64;   /* the content by mime_base64() */
	const char *method;  /* of a calendar object; or NULL */
};

struct multipart_list {
	const struct multipart_part *parts;
	size_t count;
};

struct multipart {
	struct str ident; /* [a-z0-9], at most 60 bytes, for the boundaries */
	struct str text, html;
	struct multipart_list images, files; /* those with a cid are inline */
};

/*
 * Append everything from the Content-Type field to the CRLF of the last
 * boundary. DATA for a control character in text or HTML.
 */
int multipart_put(struct buf *, const struct multipart *, struct fail *);

/*
 * Append the content of a part as base64 and set its type. The file name is
 * cleaned into the arena; DATA for one with a control character.
 */
int multipart_encode(struct multipart_part *, struct buf *base64,
    struct str content, struct arena *, struct fail *);

#endif
