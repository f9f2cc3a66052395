#include "mail/html/images.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/mem.h"
#include "base/num.h"
#include "mail/html/html_tags.h"

struct image {
	struct str src, cid;
};

struct inliner {
	const struct source *source;
	struct str html; /* the bytes of the source */
	size_t copied;   /* bytes of the HTML that are in the output */
	struct buf *out;
	struct image *images;
	size_t count, cap;
	images_fn *load;
	void *ctx;
};

/* A relative path (RFC 3986): no scheme, authority, fragment or tag. */
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

/* Append the name of the file: %XX and &amp; are decoded. */
static int
decode_path(struct buf *b, struct str src, struct fail *f)
{
	size_t i = 0;

	while (i < src.n) {
		struct str rest = {src.p + i, src.n - i};
		int byte = *rest.p == '%'
			       ? num_hex_byte(rest.p + 1, src.p + src.n)
			       : -1;

		if (byte == 0)
			return fail_data(f, "%.*s: a file's name has no NUL",
			    (int)src.n, src.p);
		buf_addc(b, byte > 0 ? (char)byte : *rest.p);
		i += byte > 0 ? 3 : str_starts(rest, "&amp;") ? 5 : 1;
	}
	return 0;
}

static int
load_file(struct inliner *in, struct str src, struct str *cid, struct fail *f)
{
	struct buf path = {0};
	int rc = decode_path(&path, src, f);

	if (rc == 0)
		rc = in->load(in->ctx, buf_str(&path), cid, f);
	buf_free(&path);
	return rc;
}

static struct image *
find_image(struct inliner *in, struct str src)
{
	size_t i;

	for (i = 0; i < in->count; i++) {
		if (str_eq(in->images[i].src, src))
			return &in->images[i];
	}
	return NULL;
}

static int
replace_src(struct inliner *in, const struct html_tag *tag, struct str src,
    struct fail *f)
{
	struct image *image = find_image(in, src);
	size_t at = (size_t)(src.p - in->html.p);

	if (image == NULL) {
		in->images = mem_more(
		    in->images, in->count, &in->cap, sizeof(*in->images));
		image = &in->images[in->count];
		image->src = src;
		if (load_file(in, src, &image->cid, f) < 0)
			return fail_system(f, "%s:%zu: %s", in->source->name,
			    source_line(in->source, tag->at), f->text);
		in->count++;
	}
	buf_add(in->out, in->html.p + in->copied, at - in->copied);
	buf_adds(in->out, "cid:");
	buf_addstr(in->out, image->cid);
	in->copied = at + src.n;
	return 0;
}

int
images_inline(struct buf *out, const struct source *source, images_fn *load,
    void *ctx, struct fail *f)
{
	struct str html = source->bytes;
	struct inliner in = {.source = source,
	    .html = html,
	    .out = out,
	    .load = load,
	    .ctx = ctx};
	struct html_tag tag;
	size_t at = 0;
	int rc = 0;

	while (rc == 0 && html_tags_next(html, &at, &tag)) {
		struct str src = html_tags_value(&tag, "src");

		if (!tag.closing && str_is_nocase(tag.name, "img") &&
		    is_local(src))
			rc = replace_src(&in, &tag, src, f);
	}
	buf_add(out, html.p + in.copied, html.n - in.copied);
	free(in.images);
	return rc;
}

bool
images_find_data(struct str html, size_t *found)
{
	struct html_tag tag;
	size_t at = 0;

	while (html_tags_next(html, &at, &tag)) {
		struct str src = html_tags_value(&tag, "src");

		if (!tag.closing && str_is_nocase(tag.name, "img") &&
		    src.n >= 5 &&
		    str_is_nocase((struct str){src.p, 5}, "data:")) {
			*found = tag.at;
			return true;
		}
	}
	return false;
}

void
images_cid(struct str *cid, struct str bytes, struct arena *a)
{
	unsigned char digest[CRYPTO_SHA256];
	struct buf b = {0};

	crypto_sha256(bytes.p, bytes.n, digest);
	crypto_base32(&b, digest, 20);
	buf_adds(&b, "@bm");
	*cid = arena_str(a, buf_str(&b));
	buf_free(&b);
}
