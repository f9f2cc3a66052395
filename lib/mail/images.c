#include "mail/images.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "mail/tags.h"

struct image {
	struct str src, cid;
};

struct inliner {
	struct str html;
	size_t copied; /* what of the HTML is in the output already */
	struct buf *out;
	struct image *images;
	size_t count;
	images_fn *load;
	void *ctx;
};

/* RFC 3986: no scheme, no authority, not empty, no fragment, no tag. */
static bool
is_local(struct str src)
{
	size_t i;

	if (src.n == 0 || src.p[0] == '/' || src.p[0] == '#' ||
	    memmem(src.p, src.n, "{{", 2) != NULL)
		return false;
	for (i = 0; i < src.n; i++) {
		if (src.p[i] == ':')
			return false;
		if (src.p[i] == '/')
			break;
	}
	return true;
}

static struct image *
find(struct inliner *in, struct str src)
{
	size_t i;

	for (i = 0; i < in->count; i++) {
		if (str_eq(in->images[i].src, src))
			return &in->images[i];
	}
	return NULL;
}

static int
replace(struct inliner *in, struct str src, struct fail *f)
{
	struct image *image = find(in, src);
	size_t at = (size_t)(src.p - in->html.p);

	if (image == NULL) {
		in->images =
		    mem_grow(in->images, in->count + 1, sizeof(*in->images));
		image = &in->images[in->count];
		image->src = src;
		if (in->load(in->ctx, src, &image->cid, f) != 0)
			return fail_prefix(f, "%zu", tags_line(in->html, at));
		in->count++;
	}
	buf_add(in->out, in->html.p + in->copied, at - in->copied);
	buf_adds(in->out, "cid:");
	buf_addstr(in->out, image->cid);
	in->copied = at + src.n;
	return 0;
}

int
images_inline(struct buf *out, struct str html, images_fn *load, void *ctx,
    struct fail *f)
{
	struct inliner in = {
	    .html = html, .out = out, .load = load, .ctx = ctx};
	struct tag tag;
	size_t at = 0;
	int rc = 0;

	while (rc == 0 && tags_next(html, &at, &tag)) {
		struct str src = tags_value(&tag, "src");

		if (!tag.closing && str_is_nocase(tag.name, "img") &&
		    is_local(src))
			rc = replace(&in, src, f);
	}
	buf_add(out, html.p + in.copied, html.n - in.copied);
	free(in.images);
	return rc;
}

void
images_cid(struct str *cid, struct str bytes, struct arena *a)
{
	unsigned char digest[CRYPTO_SHA256];
	struct buf b = {0};

	crypto_sha256(bytes.p, bytes.n, digest);
	crypto_base32(&b, digest, 20);
	buf_adds(&b, "@bm");
	*cid = (struct str){arena_dup(a, b.p, b.len), b.len};
	buf_free(&b);
}
