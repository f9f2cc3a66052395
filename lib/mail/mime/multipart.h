/*
 * The body of a message (RFC 2046): mixed(alternative(text, related(html,
 * images)), files), without the layers that would hold one part only.
 */
#ifndef MAIL_MIME_MULTIPART_H
#define MAIL_MIME_MULTIPART_H

#include <stddef.h>

#include "base/buf.h"
#include "base/fail.h"

struct multipart_part {
	struct str filename; /* without directories; UTF-8 */
	const char *type;    /* value of Content-Type */
	struct str cid;      /* Content-ID of an inline image; or p == NULL */
	struct str base64;   /* the content by mime_base64() */
};

struct multipart {
	struct str ident; /* [a-z0-9], at most 60 bytes, for the boundaries */
	struct str text, html;
	const struct multipart_part *images;
	size_t image_count;
	const struct multipart_part *files;
	size_t file_count;
};

/*
 * Append everything from the Content-Type field to the CRLF of the last
 * boundary. DATA for a control character in text or HTML.
 */
int multipart_put(struct buf *, const struct multipart *, struct fail *);

/*
 * Append the content of a part as base64 and set the type by its file name.
 * DATA for a file name with a control character.
 */
int multipart_encode(struct multipart_part *, struct buf *base64,
    struct str content, struct fail *);

#endif
