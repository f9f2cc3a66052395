/*
 * Images of an HTML body that travel inside the message (RFC 2392).
 */
#ifndef MAIL_HTML_IMAGES_H
#define MAIL_HTML_IMAGES_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"
#include "mail/html/source.h"

/* Load an image; *cid is its Content-ID. */
typedef int images_fn(
    void *ctx, struct str file, struct str *cid, struct fail *);

/*
 * Append the source's HTML with the src of each img that names a local file (no
 * scheme, no tag, no network path) replaced by cid:...; every file is loaded
 * once. Nothing else of the HTML changes. SYSTEM "NAME:LINE: reason".
 */
int images_inline(
    struct buf *, const struct source *, images_fn *, void *ctx, struct fail *);

/* The first image that stands in a data: address; false: none does. */
bool images_find_data(struct str html, size_t *at);

/* A Content-ID made of the bytes: the same image, the same id. */
void images_cid(struct str *cid, struct str bytes, struct arena *);

#endif
