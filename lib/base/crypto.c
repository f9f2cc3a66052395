#include "base/crypto.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/ascii.h"
#include "base/mem.h"

struct crypto_hash {
	EVP_MD_CTX *ctx;
};

/* These calls fail only without memory or without OpenSSL's algorithms. */
static void
require_success(bool good)
{
	if (!good)
		abort();
}

struct crypto_hash *
crypto_hash_new(void)
{
	struct crypto_hash *h = mem_new(sizeof(*h));

	h->ctx = EVP_MD_CTX_new();
	require_success(
	    h->ctx != NULL && EVP_DigestInit_ex(h->ctx, EVP_sha256(), NULL));
	return h;
}

void
crypto_hash_add(struct crypto_hash *h, const void *p, size_t n)
{
	require_success(EVP_DigestUpdate(h->ctx, p, n) == 1);
}

void
crypto_hash_finish(struct crypto_hash *h, unsigned char out[CRYPTO_SHA256])
{
	require_success(EVP_DigestFinal_ex(h->ctx, out, NULL) == 1);
	EVP_MD_CTX_free(h->ctx);
	free(h);
}

void
crypto_sha256(const void *p, size_t n, unsigned char out[CRYPTO_SHA256])
{
	require_success(EVP_Digest(p, n, out, NULL, EVP_sha256(), NULL) == 1);
}

void
crypto_hex(struct buf *b, const unsigned char *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		buf_addc(b, digits[p[i] >> 4]);
		buf_addc(b, digits[p[i] & 15]);
	}
}

bool
crypto_is_hex(struct str s, size_t n)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_digit(s.p[i]) && (s.p[i] < 'a' || s.p[i] > 'f'))
			return false;
	}
	return s.n == 2 * n;
}

void
crypto_base32(struct buf *b, const unsigned char *p, size_t n)
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";
	uint32_t bits = 0;
	int have = 0;

	for (size_t i = 0; i < n; i++) {
		bits = bits << 8 | p[i];
		for (have += 8; have >= 5; have -= 5)
			buf_addc(b, digits[bits >> (have - 5) & 31]);
	}
	if (have > 0)
		buf_addc(b, digits[bits << (5 - have) & 31]);
}

static const char plain_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* Without padding. */
static void
encode_base64(
    struct buf *b, const char *digits, const unsigned char *p, size_t n)
{
	char *out = buf_reserve(b, (n + 2) / 3 * 4), *start = out;
	uint32_t w;

	for (; n >= 3; p += 3, n -= 3) {
		w = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
		*out++ = digits[w >> 18];
		*out++ = digits[w >> 12 & 63];
		*out++ = digits[w >> 6 & 63];
		*out++ = digits[w & 63];
	}
	if (n > 0) {
		w = (uint32_t)p[0] << 16;
		if (n == 2)
			w |= (uint32_t)p[1] << 8;
		*out++ = digits[w >> 18];
		*out++ = digits[w >> 12 & 63];
		if (n == 2)
			*out++ = digits[w >> 6 & 63];
	}
	b->len += (size_t)(out - start);
}

/* Without padding; accepts only the canonical form: unused bits are 0. */
static bool
decode_base64(struct buf *b, const char *digits, struct str s)
{
	size_t before = b->len;
	uint32_t bits = 0;
	int have = 0;
	const char *at;

	for (size_t i = 0; i < s.n; i++) {
		at = memchr(digits, s.p[i], 64);
		if (at == NULL)
			break;
		bits = bits << 6 | (uint32_t)(at - digits);
		have += 6;
		if (have >= 8) {
			have -= 8;
			buf_addc(b, (char)(bits >> have & 255));
		}
		if (i + 1 == s.n && have < 6 &&
		    (bits & ((1U << have) - 1)) == 0)
			return true;
	}
	b->len = before;
	return s.n == 0;
}

void
crypto_base64(struct buf *b, const void *p, size_t n)
{
	encode_base64(b, plain_digits, p, n);
	for (; n % 3 != 0; n++)
		buf_addc(b, '=');
}

int
crypto_unbase64(struct buf *b, struct str s, struct fail *f)
{
	size_t padding = 0;

	while (padding < 2 && padding < s.n && s.p[s.n - 1 - padding] == '=')
		padding++;
	if (s.n % 4 != 0 ||
	    !decode_base64(b, plain_digits, (struct str){s.p, s.n - padding}))
		return fail_data(f, "not valid base64");
	return 0;
}

void
crypto_base64url(struct buf *b, const void *p, size_t n)
{
	encode_base64(b, url_digits, p, n);
}

int
crypto_unbase64url(struct buf *b, struct str s, struct fail *f)
{
	if (!decode_base64(b, url_digits, s))
		return fail_data(f, "not valid base64url");
	return 0;
}

void
crypto_random(void *p, size_t n)
{
	unsigned char *at = p;
	size_t part;

	for (; n > 0; at += part, n -= part) {
		part = n < 256 ? n : 256; /* getentropy() returns no more */
		require_success(getentropy(at, part) == 0);
	}
}

/* A context with key, associated data and, to decrypt, the tag. */
static EVP_CIPHER_CTX *
start_siv(const unsigned char *key, struct str associated, const char *tag)
{
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, "AES-256-SIV", NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	unsigned char copy[CRYPTO_SIV_TAG];
	int n;

	require_success(cipher != NULL && ctx != NULL);
	require_success(
	    EVP_CipherInit_ex(ctx, cipher, NULL, key, NULL, tag == NULL) == 1);
	if (tag != NULL) {
		memcpy(copy, tag, sizeof(copy));
		require_success(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG,
				    sizeof(copy), copy) == 1);
	}
	require_success(
	    EVP_CipherUpdate(ctx, NULL, &n, (const unsigned char *)associated.p,
		(int)associated.n) == 1);
	EVP_CIPHER_free(cipher);
	return ctx;
}

void
crypto_seal(struct buf *b, const unsigned char key[CRYPTO_SIV_KEY],
    struct str associated, struct str plain)
{
	EVP_CIPHER_CTX *ctx = start_siv(key, associated, NULL);
	unsigned char *out =
	    (unsigned char *)buf_reserve(b, CRYPTO_SIV_TAG + plain.n + 1);
	int n;

	require_success(plain.n > 0 && plain.n < INT32_MAX);
	require_success(EVP_EncryptUpdate(ctx, out + CRYPTO_SIV_TAG, &n,
			    (const unsigned char *)plain.p, (int)plain.n) == 1);
	require_success(
	    EVP_EncryptFinal_ex(ctx, out + CRYPTO_SIV_TAG + n, &n) == 1);
	require_success(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG,
			    CRYPTO_SIV_TAG, out) == 1);
	b->len += CRYPTO_SIV_TAG + plain.n;
	EVP_CIPHER_CTX_free(ctx);
}

int
crypto_unseal(struct buf *b, const unsigned char key[CRYPTO_SIV_KEY],
    struct str associated, struct str sealed, struct fail *f)
{
	EVP_CIPHER_CTX *ctx;
	unsigned char *out;
	size_t size;
	int n;
	bool good;

	if (sealed.n <= CRYPTO_SIV_TAG || sealed.n >= INT32_MAX)
		return fail_data(f, "sealed data is too short or too long");
	size = sealed.n - CRYPTO_SIV_TAG;
	ctx = start_siv(key, associated, sealed.p);
	out = (unsigned char *)buf_reserve(b, size + 1);
	good = EVP_DecryptUpdate(ctx, out, &n,
		   (const unsigned char *)sealed.p + CRYPTO_SIV_TAG,
		   (int)size) == 1 &&
	       EVP_DecryptFinal_ex(ctx, out + n, &n) == 1;
	EVP_CIPHER_CTX_free(ctx);
	if (!good) {
		OPENSSL_cleanse(out, size);
		return fail_data(f, "sealed data was made with another key");
	}
	b->len += size;
	return 0;
}

void
crypto_library(struct buf *b)
{
	buf_printf(b, "OpenSSL %s\n", OpenSSL_version(OPENSSL_VERSION_STRING));
}
