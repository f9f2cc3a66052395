/*
 * Images of an HTML body that travel inside the message (RFC 2392).
 */
#ifndef MAIL_IMAGES_H
#define MAIL_IMAGES_H

#include "base/buf.h"
#include "base/fail.h"
#include "base/mem.h"

/* Load the image of a local src; *cid is its Content-ID. */
typedef int images_fn(
    void *ctx, struct str src, struct str *cid, struct fail *);

/*
 * Append the HTML with the src of each img that names a local file (no
 * scheme, no tag, no network path) replaced by cid:...; every file is loaded
 * once. Nothing else of the HTML changes. DATA or what fn gave, with "LINE: "
 * before it.
 */
int images_inline(
    struct buf *, struct str html, images_fn *, void *ctx, struct fail *);

/* A Content-ID made of the bytes: the same image, the same id. */
void images_cid(struct str *cid, struct str bytes, struct arena *);

#endif
