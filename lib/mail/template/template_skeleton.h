/*
 * A rendered HTML template with holes instead of its values: the records of a
 * mailing share a few skeletons, so that each of them is parsed once.
 */
#ifndef MAIL_TEMPLATE_TEMPLATE_SKELETON_H
#define MAIL_TEMPLATE_TEMPLATE_SKELETON_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"
#include "mail/template/template.h"

/* A hole in the skeleton: U+F0000, of a private plane. */
#define TEMPLATE_HOLE "\xf3\xb0\x80\x80"

struct template_skeleton {
	struct buf html;
	/* The values of the holes in their order, without references. */
	struct str *values;
	size_t count, cap;
	size_t size; /* bytes of the HTML with its values */
};

/* Release the bytes; the values belong to the arena of the rendering. */
void template_skeleton_free(struct template_skeleton *);

/*
 * The value that was written from offset at becomes a hole, unless it may
 * change how the HTML around it is read: an empty value, white space in front,
 * control characters, braces and other signs of template tags, private
 * characters, a reference other than those of escape_html(). The arena holds
 * the value.
 */
void template_skeleton_cut(
    struct template_skeleton *, size_t at, struct arena *);

#endif
