/*
 * The addresses of pictures in HTML: src and srcset of img and source,
 * background, and url() in styles and style sheets.
 */
#ifndef MAIL_HTML_IMAGE_REFS_H
#define MAIL_HTML_IMAGE_REFS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"
#include "base/str.h"

struct image_ref {
	struct str address; /* in the source, as written */
	size_t at;          /* offset of its tag */
	bool sheet;         /* in a style element: no references */
};

/* 0, or -1 to end the walk. */
typedef int image_refs_fn(void *ctx, const struct image_ref *, struct fail *);

/* Call fn with each address, in the order of the source. */
int image_refs_each(struct str html, image_refs_fn *, void *ctx, struct fail *);

#endif
