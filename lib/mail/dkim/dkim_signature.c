#include "mail/dkim/dkim_signature.h"

#include <string.h>

#include "base/num.h"
#include "mail/dkim/dkim_hash.h"
#include "mail/dkim/dkim_name.h"
#include "mail/dkim/dkim_tags.h"

static int
read_algorithm(struct dkim_signature *s, struct fail *f)
{
	if (str_is_nocase(s->algorithm, "rsa-sha256"))
		s->type = CRYPTO_KEY_RSA;
	else if (str_is_nocase(s->algorithm, "ed25519-sha256"))
		s->type = CRYPTO_KEY_ED25519;
	else if (str_is_nocase(s->algorithm, "rsa-sha1"))
		return fail_data(f, "SHA-1 proves nothing (RFC 8301)");
	else
		return fail_data(f, "an unknown algorithm");
	return 0;
}

static int
read_word(enum dkim_canon *canon, struct str word, struct fail *f)
{
	if (str_is_nocase(word, "relaxed"))
		*canon = DKIM_RELAXED;
	else if (str_is_nocase(word, "simple"))
		*canon = DKIM_SIMPLE;
	else
		return fail_data(f, "c= names an unknown canonical form");
	return 0;
}

static int
read_canon(struct dkim_signature *s, struct str c, struct fail *f)
{
	struct str header;

	if (c.p == NULL)
		return 0; /* simple/simple */
	header = str_take(&c, STR("/"));
	if (read_word(&s->header, header, f) < 0)
		return -1;
	return c.n == 0 ? 0 : read_word(&s->body, c, f);
}

static int
read_number(int64_t *out, const struct dkim_tags *tags, const char *name,
    struct arena *arena, struct fail *f)
{
	struct str text = dkim_tags_get(tags, name, arena);
	long long n;

	if (text.p == NULL)
		return 0;
	if (num_parse(text, 0, INT64_MAX, &n, f) < 0)
		return fail_prefix(f, "%s=", name);
	*out = n;
	return 0;
}

static int
read_bytes(struct str *out, const struct dkim_tags *tags, const char *name,
    struct arena *arena, struct fail *f)
{
	struct buf bytes = {0};
	int rc = crypto_unbase64(&bytes, dkim_tags_get(tags, name, arena), f);

	if (rc < 0)
		fail_prefix(f, "%s=", name);
	else if (bytes.len == 0)
		rc = fail_data(f, "%s= is empty", name);
	else
		*out = arena_str(arena, buf_str(&bytes));
	buf_free(&bytes);
	return rc;
}

/* i= is a mailbox of d= or of a domain below it. */
static int
read_identity(struct dkim_signature *s, struct str i, struct fail *f)
{
	const char *at = i.n > 0 ? memrchr(i.p, '@', i.n) : NULL;

	s->identity = s->domain;
	if (i.p == NULL)
		return 0;
	if (at == NULL)
		return fail_data(f, "i= has no @");
	s->identity = (struct str){at + 1, (size_t)(i.p + i.n - at - 1)};
	if (!dkim_name_covers(s->domain, s->identity))
		return fail_data(f, "i= is not of d=");
	return 0;
}

static bool
has_from(struct str names)
{
	struct str name;

	while (dkim_tags_next(&names, &name)) {
		if (str_is_nocase(name, "from"))
			return true;
	}
	return false;
}

static int
need_tags(const struct dkim_tags *tags, struct fail *f)
{
	static const char *const needed[] = {
	    "v", "a", "b", "bh", "d", "h", "s"};
	const struct dkim_tag *v = dkim_tags_find(tags, "v");

	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++) {
		if (dkim_tags_find(tags, needed[i]) == NULL)
			return fail_data(f, "it has no %s=", needed[i]);
	}
	if (!str_is(v->value, "1"))
		return fail_data(f, "its version is not 1");
	return 0;
}

/* The field without the value of b=, and the blanks around it. */
static struct str
empty_signature(
    struct str all, size_t start, const struct dkim_tag *b, struct arena *arena)
{
	char *out = arena_alloc(arena, all.n + 1);
	size_t head = start + b->start, tail = start + b->end;

	memcpy(out, all.p, head);
	memcpy(out + head, all.p + tail, all.n - tail);
	return (struct str){out, all.n - (tail - head)};
}

static int
read_rest(struct dkim_signature *s, const struct dkim_tags *tags,
    struct arena *arena, struct fail *f)
{
	struct str q = dkim_tags_get(tags, "q", arena);
	int64_t made = 0;

	s->names = dkim_tags_get(tags, "h", arena);
	if (!has_from(s->names))
		return fail_data(f, "From is not signed");
	if (q.p != NULL && !str_is_nocase(q, "dns/txt"))
		return fail_data(f, "its key is not in the DNS");
	if (read_algorithm(s, f) < 0 ||
	    read_canon(s, dkim_tags_get(tags, "c", arena), f) < 0 ||
	    read_identity(s, dkim_tags_get(tags, "i", arena), f) < 0 ||
	    read_number(&s->limit, tags, "l", arena, f) < 0 ||
	    read_number(&made, tags, "t", arena, f) < 0 ||
	    read_number(&s->expires, tags, "x", arena, f) < 0 ||
	    read_bytes(&s->hash, tags, "bh", arena, f) < 0 ||
	    read_bytes(&s->signature, tags, "b", arena, f) < 0)
		return -1;
	if (s->expires != 0 && s->expires < made)
		return fail_data(f, "it expires before it was made");
	return 0;
}

int
dkim_signature_parse(struct dkim_signature *s, const struct dkim_field *field,
    struct arena *arena, struct fail *f)
{
	struct str text = field->all;
	struct dkim_tags tags;
	size_t start;

	*s = (struct dkim_signature){.limit = -1};
	str_take(&text, STR(":"));
	start = (size_t)(text.p - field->all.p);
	if (dkim_tags_parse(&tags, text, f) < 0)
		return -1;
	s->domain = dkim_tags_get(&tags, "d", arena);
	s->selector = dkim_tags_get(&tags, "s", arena);
	s->algorithm = dkim_tags_get(&tags, "a", arena);
	if (need_tags(&tags, f) < 0)
		return -1;
	s->unsigned_field = empty_signature(
	    field->all, start, dkim_tags_find(&tags, "b"), arena);
	return read_rest(s, &tags, arena, f);
}

static int
check_body(const struct dkim_signature *s, struct str body, struct fail *f)
{
	struct buf canonical = {0};
	unsigned char hash[CRYPTO_SHA256];
	int rc = 0;

	dkim_canon_body(&canonical, s->body, body);
	if (s->limit > (int64_t)canonical.len)
		rc = fail_data(f, "the body is shorter than l=");
	else
		crypto_sha256(canonical.p,
		    s->limit >= 0 ? (size_t)s->limit : canonical.len, hash);
	if (rc == 0 &&
	    !str_eq(s->hash, (struct str){(char *)hash, sizeof(hash)}))
		rc = fail_data(f, "the body was altered");
	buf_free(&canonical);
	return rc;
}

static int
check_key(
    const struct dkim_signature *s, const struct dkim_record *r, struct fail *f)
{
	if (r->key == NULL)
		return fail_data(f, "the key is revoked (p= is empty)");
	if (crypto_key_type(r->key) != s->type)
		return fail_data(f, "the record's key is of another type");
	if (s->type == CRYPTO_KEY_RSA &&
	    crypto_key_bits(r->key) < DKIM_SIGNATURE_WEAK)
		return fail_data(
		    f, "the key has only %d bits", crypto_key_bits(r->key));
	if (r->strict && s->identity.n != s->domain.n)
		return fail_data(f, "i= is of another domain, and the "
				    "record forbids that (t=s)");
	return 0;
}

int
dkim_signature_verify(const struct dkim_signature *s,
    const struct dkim_fields *h, const struct dkim_record *r, int64_t now,
    struct arena *arena, struct fail *f)
{
	unsigned char hash[CRYPTO_SHA256];
	struct buf fields = {0};
	struct str field = s->unsigned_field;

	if (s->expires != 0 && now > s->expires)
		return fail_data(f, "it has expired (x=)");
	if (check_key(s, r, f) < 0 || check_body(s, h->body, f) < 0)
		return -1;
	dkim_hash_put_fields(&fields, s->header, h, s->names, arena);
	dkim_hash_signature(hash, s->header, buf_str(&fields), field);
	buf_free(&fields);
	if (!crypto_key_verify(r->key, hash, s->signature))
		return fail_data(f,
		    "a signed header field was altered, or the key is "
		    "another one");
	return 0;
}
