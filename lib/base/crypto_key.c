#include "base/crypto_key.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/mem.h"

#define ED25519_PUBLIC 32 /* bytes */

struct crypto_key {
	EVP_PKEY *pkey;
	enum crypto_key_type type;
	/* RSA: kept, since its setup costs 10 us. Ed25519 has none. */
	EVP_PKEY_CTX *rsa;
};

/* These calls fail only without memory. */
static void
require_success(bool good)
{
	if (!good)
		abort();
}

static EVP_PKEY_CTX *
start_rsa(EVP_PKEY *pkey, int init(EVP_PKEY_CTX *))
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);

	require_success(ctx != NULL && init(ctx) == 1);
	require_success(
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1);
	require_success(EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) == 1);
	return ctx;
}

static struct crypto_key *
new_key(EVP_PKEY *pkey, enum crypto_key_type type)
{
	struct crypto_key *k = mem_new(sizeof(*k));

	k->pkey = pkey;
	k->type = type;
	return k;
}

void
crypto_key_free(struct crypto_key *k)
{
	if (k == NULL)
		return;
	EVP_PKEY_CTX_free(k->rsa);
	EVP_PKEY_free(k->pkey);
	free(k);
}

int
crypto_key_make(
    struct crypto_key **k, enum crypto_key_type type, int bits, struct fail *f)
{
	EVP_PKEY *pkey =
	    type == CRYPTO_KEY_RSA
		? EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)bits)
		: EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");

	if (pkey == NULL)
		return fail_system(f, "OpenSSL cannot make a key");
	*k = new_key(pkey, type);
	return 0;
}

/* Called for a PEM with a passphrase, which we do not ask for. */
static int
refuse_passphrase(char *p, int n, int writing, void *asked)
{
	(void)writing;
	if (n > 0)
		p[0] = '\0';
	*(bool *)asked = true;
	return -1;
}

static int
explain_pem(struct str pem, bool asked, struct fail *f)
{
	BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
	EVP_PKEY *public;
	bool ignored;

	require_success(bio != NULL);
	public = PEM_read_bio_PUBKEY(bio, NULL, refuse_passphrase, &ignored);
	BIO_free(bio);
	EVP_PKEY_free(public);
	ERR_clear_error();
	if (asked)
		return fail_data(f,
		    "the key has a passphrase, and nobody is there to type "
		    "it; \"openssl pkey -in FILE -out NEW\" writes it "
		    "without");
	if (public != NULL)
		return fail_data(f,
		    "this is the public key; a signature needs the "
		    "private one");
	return fail_data(
	    f, "no private key in PEM form (\"-----BEGIN PRIVATE KEY-----\")");
}

int
crypto_key_parse(struct crypto_key **k, struct str pem, struct fail *f)
{
	bool asked = false;
	EVP_PKEY *pkey;
	BIO *bio;

	require_success(pem.n <= INT_MAX);
	bio = BIO_new_mem_buf(pem.p, (int)pem.n);
	require_success(bio != NULL);
	pkey = PEM_read_bio_PrivateKey(bio, NULL, refuse_passphrase, &asked);
	BIO_free(bio);
	if (pkey == NULL)
		return explain_pem(pem, asked, f);
	if (EVP_PKEY_is_a(pkey, "RSA")) {
		*k = new_key(pkey, CRYPTO_KEY_RSA);
	} else if (EVP_PKEY_is_a(pkey, "ED25519")) {
		*k = new_key(pkey, CRYPTO_KEY_ED25519);
	} else {
		fail_data(f, "a key of type %s; DKIM has RSA and Ed25519",
		    EVP_PKEY_get0_type_name(pkey));
		EVP_PKEY_free(pkey);
		return -1;
	}
	return 0;
}

static EVP_PKEY *
parse_rsa(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	const unsigned char *end = p + s.n, *at = p;
	EVP_PKEY *pkey = d2i_PUBKEY(NULL, &at, (long)s.n);

	if (pkey == NULL) {
		at = p;
		pkey = d2i_PublicKey(EVP_PKEY_RSA, NULL, &at, (long)s.n);
	}
	if (pkey != NULL && (at != end || !EVP_PKEY_is_a(pkey, "RSA"))) {
		EVP_PKEY_free(pkey);
		pkey = NULL;
	}
	ERR_clear_error();
	return pkey;
}

int
crypto_key_parse_public(struct crypto_key **k, enum crypto_key_type type,
    struct str s, struct fail *f)
{
	EVP_PKEY *pkey = NULL;

	if (type == CRYPTO_KEY_RSA)
		pkey = parse_rsa(s);
	else if (s.n == ED25519_PUBLIC)
		pkey = EVP_PKEY_new_raw_public_key(
		    EVP_PKEY_ED25519, NULL, (const unsigned char *)s.p, s.n);
	if (pkey == NULL)
		return fail_data(f, "its bytes are no %s key",
		    type == CRYPTO_KEY_RSA ? "RSA" : "Ed25519");
	*k = new_key(pkey, type);
	return 0;
}

enum crypto_key_type
crypto_key_type(const struct crypto_key *k)
{
	return k->type;
}

int
crypto_key_bits(const struct crypto_key *k)
{
	return EVP_PKEY_get_bits(k->pkey);
}

void
crypto_key_put(struct buf *b, const struct crypto_key *k)
{
	BIO *bio = BIO_new(BIO_s_secmem());
	char *p;
	long n;

	require_success(
	    bio != NULL && PEM_write_bio_PKCS8PrivateKey(
			       bio, k->pkey, NULL, NULL, 0, NULL, NULL) == 1);
	n = BIO_get_mem_data(bio, &p);
	buf_add(b, p, (size_t)n);
	BIO_free(bio);
}

void
crypto_key_put_public(struct buf *b, const struct crypto_key *k)
{
	unsigned char raw[ED25519_PUBLIC], *der = NULL;
	size_t n = sizeof(raw);
	int size;

	if (k->type == CRYPTO_KEY_ED25519) {
		require_success(
		    EVP_PKEY_get_raw_public_key(k->pkey, raw, &n) == 1);
		buf_add(b, raw, n);
		return;
	}
	size = i2d_PUBKEY(k->pkey, &der);
	require_success(size > 0);
	buf_add(b, der, (size_t)size);
	OPENSSL_free(der);
}

static bool
sign_ed25519(const struct crypto_key *k, const unsigned char *sha256,
    unsigned char *out, size_t *n)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good;

	require_success(ctx != NULL);
	good = EVP_DigestSignInit(ctx, NULL, NULL, NULL, k->pkey) == 1 &&
	       EVP_DigestSign(ctx, out, n, sha256, CRYPTO_SHA256) == 1;
	EVP_MD_CTX_free(ctx);
	return good;
}

int
crypto_key_sign(struct buf *b, const struct crypto_key *k,
    const unsigned char sha256[CRYPTO_SHA256], struct fail *f)
{
	size_t n = (size_t)EVP_PKEY_get_size(k->pkey);
	unsigned char *out = (unsigned char *)buf_reserve(b, n);
	struct crypto_key *key = (struct crypto_key *)k;
	bool good;

	if (k->type == CRYPTO_KEY_RSA && k->rsa == NULL)
		key->rsa = start_rsa(k->pkey, EVP_PKEY_sign_init);
	good = k->type == CRYPTO_KEY_RSA
		   ? EVP_PKEY_sign(k->rsa, out, &n, sha256, CRYPTO_SHA256) == 1
		   : sign_ed25519(k, sha256, out, &n);
	if (!good) {
		ERR_clear_error();
		return fail_system(f, "OpenSSL cannot sign with the key");
	}
	b->len += n;
	return 0;
}

static bool
verify_ed25519(const struct crypto_key *k, const unsigned char *sha256,
    const unsigned char *signature, size_t n)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good;

	require_success(ctx != NULL);
	good = EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, k->pkey) == 1 &&
	       EVP_DigestVerify(ctx, signature, n, sha256, CRYPTO_SHA256) == 1;
	EVP_MD_CTX_free(ctx);
	return good;
}

static bool
verify_rsa(const struct crypto_key *k, const unsigned char *sha256,
    const unsigned char *signature, size_t n)
{
	EVP_PKEY_CTX *ctx = start_rsa(k->pkey, EVP_PKEY_verify_init);
	bool good;

	good = EVP_PKEY_verify(ctx, signature, n, sha256, CRYPTO_SHA256) == 1;
	EVP_PKEY_CTX_free(ctx);
	return good;
}

bool
crypto_key_verify(const struct crypto_key *k,
    const unsigned char sha256[CRYPTO_SHA256], struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	bool good = k->type == CRYPTO_KEY_RSA
			? verify_rsa(k, sha256, p, s.n)
			: verify_ed25519(k, sha256, p, s.n);

	ERR_clear_error();
	return good;
}
