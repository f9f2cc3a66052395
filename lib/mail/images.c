#include "mail/images.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"

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

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

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
	size_t at = (size_t)(src.p - in->html.p), line = 1, i;

	if (image == NULL) {
		in->images =
		    mem_grow(in->images, in->count + 1, sizeof(*in->images));
		image = &in->images[in->count];
		image->src = src;
		if (in->load(in->ctx, src, &image->cid, f) != 0) {
			for (i = 0; i < at; i++)
				line += in->html.p[i] == '\n';
			return fail_prefix(f, "%zu", line);
		}
		in->count++;
	}
	buf_add(in->out, in->html.p + in->copied, at - in->copied);
	buf_adds(in->out, "cid:");
	buf_addstr(in->out, image->cid);
	in->copied = at + src.n;
	return 0;
}

/* The next attribute of a tag at *i; false at the tag's end. */
static bool
next_attribute(struct str s, size_t *i, struct str *name, struct str *value)
{
	size_t start;
	char quote;

	while (*i < s.n && (is_space(s.p[*i]) || s.p[*i] == '/'))
		++*i;
	if (*i >= s.n || s.p[*i] == '>')
		return false;
	start = *i;
	do
		++*i;
	while (
	    *i < s.n && !is_space(s.p[*i]) && strchr("=>/", s.p[*i]) == NULL);
	*name = (struct str){s.p + start, *i - start};
	*value = (struct str){0};
	while (*i < s.n && is_space(s.p[*i]))
		++*i;
	if (*i >= s.n || s.p[*i] != '=')
		return true;
	for (++*i; *i < s.n && is_space(s.p[*i]);)
		++*i;
	quote = *i < s.n && (s.p[*i] == '"' || s.p[*i] == '\'') ? s.p[*i] : 0;
	start = *i += quote != 0;
	while (*i < s.n && (quote != 0 ? s.p[*i] != quote
				       : !is_space(s.p[*i]) && s.p[*i] != '>'))
		++*i;
	*value = (struct str){s.p + start, *i - start};
	*i += quote != 0 && *i < s.n;
	return true;
}

static int
image_tag(struct inliner *in, size_t *i, struct fail *f)
{
	struct str name, value;

	while (next_attribute(in->html, i, &name, &value)) {
		if (str_is_nocase(name, "src") && is_local(value) &&
		    replace(in, value, f) != 0)
			return -1;
	}
	return 0;
}

static int
walk(struct inliner *in, struct fail *f)
{
	struct str s = in->html;
	size_t i = 0;

	while (i < s.n) {
		const char *lt = memchr(s.p + i, '<', s.n - i);
		struct str rest;

		if (lt == NULL)
			break;
		i = (size_t)(lt - s.p);
		rest = (struct str){lt, s.n - i};
		if (str_starts(rest, "<!--")) {
			const char *end = memmem(lt + 4, rest.n - 4, "-->", 3);

			i = end != NULL ? (size_t)(end + 3 - s.p) : s.n;
		} else if (rest.n > 5 && is_space(rest.p[4]) &&
			   str_is_nocase((struct str){lt, 4}, "<img")) {
			i += 4;
			if (image_tag(in, &i, f) != 0)
				return -1;
		} else {
			i++;
		}
	}
	return 0;
}

int
images_inline(struct buf *out, struct str html, images_fn *load, void *ctx,
    struct fail *f)
{
	struct inliner in = {
	    .html = html, .out = out, .load = load, .ctx = ctx};
	int rc = walk(&in, f);

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
