#include "mail/dkim/dkim_record.h"

#include "mail/dkim/dkim_tags.h"

#define STRING_MAX 255 /* bytes in a string of a TXT record */

void
dkim_record_put_name(struct buf *b, struct str selector, struct str domain)
{
	buf_addstr(b, selector);
	buf_adds(b, "._domainkey.");
	buf_addstr(b, domain);
}

void
dkim_record_put(struct buf *b, const struct crypto_key *key)
{
	struct buf public = {0};

	crypto_key_put_public(&public, key);
	buf_printf(b, "v=DKIM1; k=%s; p=",
	    crypto_key_type(key) == CRYPTO_KEY_RSA ? "rsa" : "ed25519");
	crypto_base64(b, public.p, public.len);
	buf_free(&public);
}

void
dkim_record_put_zone(struct buf *b, struct str name, struct str record)
{
	buf_addstr(b, name);
	buf_adds(b, ". IN TXT (");
	while (record.n > 0) {
		size_t n = record.n < STRING_MAX ? record.n : STRING_MAX;

		buf_printf(b, "\n\t\"%.*s\"", (int)n, record.p);
		record.p += n;
		record.n -= n;
	}
	buf_adds(b, " )\n");
}

/* True if a list "a:b" has a word, or is absent. */
static bool
allows_word(struct str list, const char *word, const char *any)
{
	struct str item;

	if (list.p == NULL)
		return true;
	while (dkim_tags_next(&list, &item)) {
		if (str_is_nocase(item, word) || str_is(item, any))
			return true;
	}
	return false;
}

static int
read_key(struct dkim_record *r, const struct dkim_tags *tags,
    struct arena *arena, struct fail *f)
{
	struct str type = dkim_tags_get(tags, "k", arena);
	struct str p = dkim_tags_get(tags, "p", arena);
	enum crypto_key_type t = CRYPTO_KEY_RSA;
	struct buf bytes = {0};
	int rc;

	if (p.p == NULL)
		return fail_data(f, "the record has no p=");
	if (type.p != NULL && str_is_nocase(type, "ed25519"))
		t = CRYPTO_KEY_ED25519;
	else if (type.p != NULL && !str_is_nocase(type, "rsa"))
		return fail_data(f, "the record's key is of type %.*s",
		    (int)(type.n < 30 ? type.n : 30), type.p);
	if (p.n == 0)
		return 0;
	if (crypto_unbase64(&bytes, p, f) < 0)
		rc = fail_prefix(f, "the record's p=");
	else if (crypto_key_parse_public(&r->key, t, buf_str(&bytes), f) < 0)
		rc = fail_prefix(f, "the record's p=");
	else
		rc = 0;
	buf_free(&bytes);
	return rc;
}

int
dkim_record_parse(
    struct dkim_record *r, struct str text, struct arena *arena, struct fail *f)
{
	struct dkim_tags tags;
	const struct dkim_tag *v;
	struct str flags;

	*r = (struct dkim_record){0};
	if (dkim_tags_parse(&tags, text, f) < 0)
		return fail_prefix(f, "the record is malformed");
	v = dkim_tags_find(&tags, "v");
	if (v != NULL && (v != &tags.all[0] || !str_is(v->value, "DKIM1")))
		return fail_data(f, "the record does not begin v=DKIM1");
	if (!allows_word(dkim_tags_get(&tags, "h", arena), "sha256", "sha256"))
		return fail_data(f, "the record's h= does not allow sha256");
	if (!allows_word(dkim_tags_get(&tags, "s", arena), "email", "*"))
		return fail_data(f, "the record's s= does not allow email");
	flags = dkim_tags_get(&tags, "t", arena);
	r->testing = flags.p != NULL && allows_word(flags, "y", "y");
	r->strict = flags.p != NULL && allows_word(flags, "s", "s");
	return read_key(r, &tags, arena, f);
}

void
dkim_record_free(struct dkim_record *r)
{
	crypto_key_free(r->key);
	r->key = NULL;
}
