/*
 * Images of an HTML body that travel inside the message (RFC 2392).
 */
#ifndef MAIL_HTML_IMAGES_H
#define MAIL_HTML_IMAGES_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"
#include "mail/html/source.h"

enum image_kind {
	IMAGE_FILE, /* name: a relative path, decoded */
	IMAGE_CID,  /* name: what stands behind "cid:", decoded */
	IMAGE_DATA, /* name: the bytes of a data: address (RFC 2397) */
};

/*
 * Set the Content-ID of an image; cid->p == NULL: its address stays as it is.
 * SYSTEM or DATA; ctx is the caller's.
 */
typedef int images_fn(void *ctx, enum image_kind, struct str name,
    struct str *cid, struct fail *);

/*
 * Append the source's HTML with the address of each image that is a file (no
 * scheme, template tag, or slash in front), a cid: or a data: replaced by
 * "cid:ID"; the rest of the HTML stays. SYSTEM "NAME:LINE: reason".
 */
int images_inline(
    struct buf *, const struct source *, images_fn *, void *ctx, struct fail *);

/* A Content-ID derived from the bytes, held by the arena. */
void images_cid(struct str *cid, struct str bytes, struct arena *);

#endif
