/*
 * Hashes, encodings, random bytes and AES-SIV (OpenSSL behind them).
 */
#ifndef BASE_CRYPTO_H
#define BASE_CRYPTO_H

#include <stddef.h>

#include "base/buf.h"
#include "base/fail.h"

#define CRYPTO_SHA256 32 /* bytes */
#define CRYPTO_SIV_KEY 64
#define CRYPTO_SIV_TAG 16

struct crypto_hash;

struct crypto_hash *crypto_hash_new(void);
void crypto_hash_add(struct crypto_hash *, const void *p, size_t n);

/* The digest; the hash is freed. */
void crypto_hash_finish(struct crypto_hash *, unsigned char out[CRYPTO_SHA256]);

void crypto_sha256(const void *p, size_t n, unsigned char out[CRYPTO_SHA256]);

/* Lower-case hexadecimal, base32 (RFC 4648, lower case, no padding). */
void crypto_hex(struct buf *, const unsigned char *p, size_t n);
void crypto_base32(struct buf *, const unsigned char *p, size_t n);

/* Base64 (RFC 4648) with padding, in one line. */
void crypto_base64(struct buf *, const void *p, size_t n);
int crypto_unbase64(struct buf *, struct str, struct fail *);

/* Base64url without padding; decoding takes the canonical form only. DATA. */
void crypto_base64url(struct buf *, const void *p, size_t n);
int crypto_unbase64url(struct buf *, struct str, struct fail *);

void crypto_random(void *p, size_t n);

/*
 * AES-256-SIV (RFC 5297) with one string of associated data. seal appends tag
 * and ciphertext; open appends the plaintext, or fails with DATA when the tag
 * does not match (nothing is appended then).
 */
void crypto_seal(struct buf *, const unsigned char key[CRYPTO_SIV_KEY],
    struct str associated, struct str plain);
int crypto_unseal(struct buf *, const unsigned char key[CRYPTO_SIV_KEY],
    struct str associated, struct str sealed, struct fail *);

/* A line with the name and version of the library, for --version. */
void crypto_library(struct buf *);

#endif
