/*
 * Hashes, encodings, random bytes and AES-SIV, by OpenSSL. The functions with a
 * buffer append to it; those without a result abort if OpenSSL fails.
 */
#ifndef BASE_CRYPTO_H
#define BASE_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/fail.h"

#define CRYPTO_SHA256 32  /* bytes */
#define CRYPTO_SIV_KEY 64 /* bytes */
#define CRYPTO_SIV_TAG 16 /* bytes */

/* SHA-256 of pieces; crypto_hash_finish() returns the digest and frees it. */
struct crypto_hash;

struct crypto_hash *crypto_hash_new(void);
void crypto_hash_add(struct crypto_hash *, const void *p, size_t n);
void crypto_hash_finish(struct crypto_hash *, unsigned char out[CRYPTO_SHA256]);

/* The SHA-256 of n bytes. */
void crypto_sha256(const void *p, size_t n, unsigned char out[CRYPTO_SHA256]);

/* Lower-case hexadecimal; crypto_is_hex(): true if a text is that of n bytes.
 */
void crypto_hex(struct buf *, const unsigned char *p, size_t n);
bool crypto_is_hex(struct str, size_t n);

/* Base32 (RFC 4648), lower case, without padding. */
void crypto_base32(struct buf *, const unsigned char *p, size_t n);

/* Base64 (RFC 4648) with padding, in one line. DATA if it is malformed. */
void crypto_base64(struct buf *, const void *p, size_t n);
int crypto_unbase64(struct buf *, struct str, struct fail *);

/* Base64url without padding. DATA unless it has the canonical form. */
void crypto_base64url(struct buf *, const void *p, size_t n);
int crypto_unbase64url(struct buf *, struct str, struct fail *);

/* Fill n bytes with random ones, fit for keys. */
void crypto_random(void *p, size_t n);

/*
 * AES-256-SIV (RFC 5297) with one string of associated data: crypto_seal()
 * makes tag and ciphertext, crypto_unseal() the plaintext. DATA, and nothing is
 * appended, if the tag does not match.
 */
void crypto_seal(struct buf *, const unsigned char key[CRYPTO_SIV_KEY],
    struct str associated, struct str plain);
int crypto_unseal(struct buf *, const unsigned char key[CRYPTO_SIV_KEY],
    struct str associated, struct str sealed, struct fail *);

/* Append a line with the library's name and version, for --version. */
void crypto_library(struct buf *);

#endif
