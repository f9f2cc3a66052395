#include "mail/dkim/dkim_sign.h"

#include <string.h>

#include "mail/dkim/dkim_hash.h"
#include "mail/dkim/dkim_name.h"
#include "mail/dkim/dkim_tags.h"

#define LINE_MAX 76 /* characters; a relay has no reason to fold again */

/* True if a field is a signature of this domain and selector. */
static bool
is_signature_of(const struct dkim_field *field, struct str d, struct str s)
{
	struct fail ignored = {0};
	struct str text = field->all;
	const struct dkim_tag *domain, *selector;
	struct dkim_tags tags;

	str_take(&text, STR(":"));
	if (dkim_tags_parse(&tags, text, &ignored) < 0)
		return false;
	domain = dkim_tags_find(&tags, "d");
	selector = dkim_tags_find(&tags, "s");
	return domain != NULL && selector != NULL && domain->value.n == d.n &&
	       dkim_name_covers(domain->value, d) && selector->value.n == s.n &&
	       dkim_name_covers(selector->value, s);
}

static int
check_unsigned(const struct dkim_fields *h, const struct dkim_sign_params *p,
    struct str d, struct fail *f)
{
	const struct dkim_field *field;

	for (size_t n = 0;
	     (field = dkim_fields_below(h, STR("DKIM-Signature"), n)) != NULL;
	     n++) {
		if (p->ses)
			return fail_data(f,
			    "the message has a DKIM-Signature already, and "
			    "Amazon SES refuses two");
		for (size_t i = 0; i < p->count; i++) {
			struct str s = p->signers[i].selector;

			if (is_signature_of(field, d, s))
				return fail_data(f,
				    "the message is signed already by d=%.*s "
				    "with s=%.*s",
				    (int)d.n, d.p, (int)s.n, s.p);
		}
	}
	return 0;
}

static int
choose_domain(struct str *d, const struct dkim_fields *h, struct str domain,
    struct arena *arena, struct fail *f)
{
	struct str from;

	if (dkim_fields_from(&from, h, arena, f) < 0)
		return -1;
	*d = domain.p != NULL ? domain : from;
	if (dkim_name_covers(*d, from))
		return 0;
	return fail_data(f,
	    "From is of %.*s, and %.*s is neither that domain nor a parent "
	    "of it: receivers would not count the signature for From (DMARC)",
	    (int)from.n, from.p, (int)d->n, d->p);
}

/* h=, folded behind colons. */
static void
put_names(struct buf *b, struct str names)
{
	size_t column = strlen(" h=");
	struct str rest = names, name;

	buf_adds(b, "\r\n h=");
	while (dkim_tags_next(&rest, &name)) {
		if (name.p > names.p) {
			buf_addc(b, ':');
			column++;
		}
		if (column + name.n + 1 > LINE_MAX) {
			buf_adds(b, "\r\n ");
			column = 1;
		}
		buf_addstr(b, name);
		column += name.n;
	}
	buf_addc(b, ';');
}

/* The field up to its empty b=. */
static void
put_unsigned(struct buf *b, const struct dkim_sign_params *p,
    const struct dkim_signer *signer, struct str d, struct str names,
    struct str body_hash)
{
	bool rsa = crypto_key_type(signer->key) == CRYPTO_KEY_RSA;
	int64_t expires = p->now + p->lifetime;

	buf_printf(b,
	    "DKIM-Signature: v=1; a=%s-sha256; c=relaxed/relaxed;\r\n"
	    " d=%.*s; s=%.*s;\r\n t=%lld;",
	    rsa ? "rsa" : "ed25519", (int)d.n, d.p, (int)signer->selector.n,
	    signer->selector.p, (long long)p->now);
	if (p->lifetime > 0)
		buf_printf(b, " x=%lld;", (long long)expires);
	put_names(b, names);
	buf_adds(b, "\r\n bh=");
	buf_addstr(b, body_hash);
	buf_adds(b, ";\r\n b=");
}

static void
put_signature(struct buf *b, struct str base64)
{
	size_t room = LINE_MAX - strlen(" b=");

	while (base64.n > room) {
		buf_add(b, base64.p, room);
		buf_adds(b, "\r\n ");
		base64.p += room;
		base64.n -= room;
	}
	buf_addstr(b, base64);
	buf_adds(b, "\r\n");
}

static int
sign_once(struct buf *b, const struct dkim_signer *signer, struct str fields,
    size_t start, struct fail *f)
{
	struct str signature = {b->p + start, b->len - start};
	unsigned char hash[CRYPTO_SHA256];
	struct buf raw = {0}, base64 = {0};
	int rc;

	dkim_hash_signature(hash, DKIM_RELAXED, fields, signature);
	rc = crypto_key_sign(&raw, signer->key, hash, f);
	if (rc == 0) {
		crypto_base64(&base64, raw.p, raw.len);
		put_signature(b, buf_str(&base64));
	}
	buf_free(&raw);
	buf_free(&base64);
	return rc;
}

static void
put_body_hash(struct buf *b, struct str body)
{
	unsigned char hash[CRYPTO_SHA256];
	struct buf canonical = {0};

	dkim_canon_body(&canonical, DKIM_RELAXED, body);
	crypto_sha256(canonical.p, canonical.len, hash);
	crypto_base64(b, hash, sizeof(hash));
	buf_free(&canonical);
}

static int
sign_fields(struct buf *b, const struct dkim_sign_params *p,
    const struct dkim_fields *h, struct str d, struct arena *arena,
    struct fail *f)
{
	struct buf names = {0}, fields = {0}, body = {0};
	size_t start;
	int rc = 0;

	dkim_fields_select(&names, h, p->ses);
	dkim_hash_put_fields(&fields, DKIM_RELAXED, h, buf_str(&names), arena);
	put_body_hash(&body, h->body);
	for (size_t i = 0; i < p->count && rc == 0; i++) {
		start = b->len;
		put_unsigned(
		    b, p, &p->signers[i], d, buf_str(&names), buf_str(&body));
		rc = sign_once(b, &p->signers[i], buf_str(&fields), start, f);
	}
	buf_free(&names);
	buf_free(&fields);
	buf_free(&body);
	return rc;
}

int
dkim_sign(struct buf *b, const struct dkim_sign_params *p, struct str message,
    struct arena *arena, struct fail *f)
{
	struct dkim_fields h;
	struct str d;

	if (dkim_fields_parse(&h, message, arena, f) < 0 ||
	    choose_domain(&d, &h, p->domain, arena, f) < 0 ||
	    check_unsigned(&h, p, d, f) < 0)
		return -1;
	return sign_fields(b, p, &h, d, arena, f);
}
