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

/*
 * Load the image in a file and set its Content-ID. SYSTEM or DATA; ctx is
 * the caller's.
 */
typedef int images_fn(
    void *ctx, struct str file, struct str *cid, struct fail *);

/*
 * Append the source's HTML with each img's src that names a local file (no
 * scheme, no template tag, no network path) replaced by "cid:ID". Each src is
 * loaded once; the rest of the HTML stays. SYSTEM "NAME:LINE: reason".
 */
int images_inline(
    struct buf *, const struct source *, images_fn *, void *ctx, struct fail *);

/* Set the offset of the first img with a data: address; false: none. */
bool images_find_data(struct str html, size_t *at);

/* A Content-ID derived from the bytes, held by the arena. */
void images_cid(struct str *cid, struct str bytes, struct arena *);

#endif
