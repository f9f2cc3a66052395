#include "mail/html/images.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/crypto.h"
#include "base/num.h"
#include "base/utf8.h"
#include "mail/html/html_reference.h"
#include "mail/html/image_refs.h"

struct inliner {
	const struct source *source;
	size_t copied; /* bytes of the HTML that are in the output */
	struct buf *out;
	images_fn *load;
	void *ctx;
};

/* Append an attribute's value with its character references decoded. */
static void
decode_references(struct buf *out, struct str s)
{
	struct buf numeric = {0};

	for (size_t i = 0; i < s.n;) {
		size_t n = 0;
		char *p;

		buf_reset(&numeric);
		if (s.p[i] == '&')
			n = html_reference_put(
			    &numeric, s.p + i, s.n - i, true);
		if (n == 0)
			buf_addc(out, s.p[i]);
		/* A reference may stand for two characters: &#1;&#2; */
		for (p = (char *)buf_cstr(&numeric); *p == '&'; p++)
			utf8_put(out, (uint32_t)strtoul(p + 2, &p, 10));
		i += n > 0 ? n : 1;
	}
	buf_free(&numeric);
}

/*
 * A backslash hides a character of CSS, unless that is a letter or digit; any
 * other one is a slash to browsers (WHATWG URL 4.4).
 */
static void
drop_backslashes(struct buf *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->len; i++) {
		if (b->p[i] == '\\' && i + 1 < b->len &&
		    !ascii_is_alnum(b->p[i + 1]))
			i++;
		b->p[n++] = b->p[i] == '\\' ? '/' : b->p[i];
	}
	b->len = n;
}

/* Append the bytes that a part of an address stands for. */
static int
decode_percents(struct buf *b, struct str s, bool nul, struct fail *f)
{
	for (size_t i = 0; i < s.n; i++) {
		int byte =
		    s.p[i] == '%' ? num_hex_byte(s.p + i + 1, s.p + s.n) : -1;

		if (byte == 0 && !nul)
			return fail_data(
			    f, "%.*s: a file's name has no NUL", (int)s.n, s.p);
		buf_addc(b, byte >= 0 ? (char)byte : s.p[i]);
		i += byte >= 0 ? 2 : 0;
	}
	return 0;
}

/* The bytes of "TYPE;base64,DATA" or "TYPE,DATA" (RFC 2397). */
static int
decode_data(struct buf *out, struct str s, struct fail *f)
{
	static const char mark[] = ";base64";
	const char *comma = s.n > 0 ? memchr(s.p, ',', s.n) : NULL;
	struct buf raw = {0}, packed = {0};
	struct str head;
	bool base64;
	int rc;

	if (comma == NULL)
		return fail_data(f, "no comma");
	head = (struct str){s.p, (size_t)(comma - s.p)};
	base64 = head.n >= sizeof(mark) - 1 &&
		 strncasecmp(
		     comma - (sizeof(mark) - 1), mark, sizeof(mark) - 1) == 0;
	s = (struct str){comma + 1, s.n - head.n - 1};
	rc = decode_percents(base64 ? &raw : out, s, true, f);
	/* Editors break the lines of an address. */
	for (size_t i = 0; i < raw.len; i++)
		if (!ascii_is_space(raw.p[i]))
			buf_addc(&packed, raw.p[i]);
	while (base64 && packed.len % 4 > 1)
		buf_addc(&packed, '=');
	if (rc == 0 && base64)
		rc = crypto_unbase64(out, buf_str(&packed), f);
	buf_free(&raw);
	buf_free(&packed);
	return rc;
}

static bool
starts_nocase(struct str s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.n >= n && strncasecmp(s.p, prefix, n) == 0;
}

/* A relative path (RFC 3986): no scheme, authority, fragment or tag. */
static bool
is_local(struct str s)
{
	if (s.n == 0 || *s.p == '/' || *s.p == '#' || *s.p == '?' ||
	    memmem(s.p, s.n, "{{", 2) != NULL)
		return false;
	for (size_t i = 0; i < s.n && s.p[i] != '/'; i++)
		if (s.p[i] == ':')
			return false;
	return true;
}

/* Without query and fragment. */
static struct str
cut_path(struct str s)
{
	size_t i = 0;

	while (i < s.n && s.p[i] != '?' && s.p[i] != '#')
		i++;
	return (struct str){s.p, i};
}

static int
load_data(
    struct inliner *in, struct str address, struct str *cid, struct fail *f)
{
	struct buf bytes = {0};
	int rc = decode_data(&bytes, address, f);

	if (rc == 0)
		rc = in->load(in->ctx, IMAGE_DATA, buf_str(&bytes), cid, f);
	if (rc < 0)
		rc = fail_data(f, "an image in a data: address: %s", f->text);
	buf_free(&bytes);
	return rc;
}

/* Find out the kind of the address and load what it names. */
static int
load_address(struct inliner *in, struct str s, struct str *cid, struct fail *f)
{
	bool named = starts_nocase(s, "cid:");
	struct buf name = {0};
	int rc;

	if (starts_nocase(s, "data:"))
		return load_data(in, (struct str){s.p + 5, s.n - 5}, cid, f);
	if (!named && !is_local(s))
		return 0;
	s = named ? (struct str){s.p + 4, s.n - 4} : cut_path(s);
	rc = decode_percents(&name, s, false, f);
	if (rc == 0)
		rc = in->load(in->ctx, named ? IMAGE_CID : IMAGE_FILE,
		    buf_str(&name), cid, f);
	buf_free(&name);
	return rc;
}

static int
replace_address(void *ctx, const struct image_ref *ref, struct fail *f)
{
	struct inliner *in = ctx;
	size_t at = (size_t)(ref->address.p - in->source->bytes.p);
	struct buf address = {0};
	struct str cid = {0};
	int rc;

	if (ref->sheet)
		buf_addstr(&address, ref->address);
	else
		decode_references(&address, ref->address);
	if (!starts_nocase(buf_str(&address), "data:"))
		drop_backslashes(&address);
	rc = load_address(in, buf_str(&address), &cid, f);
	buf_free(&address);
	if (rc < 0)
		return fail_system(f, "%s:%zu: %s", in->source->name,
		    source_line(in->source, ref->at), f->text);
	if (cid.p == NULL)
		return 0;
	buf_add(in->out, in->source->bytes.p + in->copied, at - in->copied);
	buf_adds(in->out, "cid:");
	buf_addstr(in->out, cid);
	in->copied = at + ref->address.n;
	return 0;
}

int
images_inline(struct buf *out, const struct source *source, images_fn *load,
    void *ctx, struct fail *f)
{
	struct str html = source->bytes;
	struct inliner in = {
	    .source = source, .out = out, .load = load, .ctx = ctx};

	if (image_refs_each(html, replace_address, &in, f) < 0)
		return -1;
	buf_add(out, html.p + in.copied, html.n - in.copied);
	return 0;
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
