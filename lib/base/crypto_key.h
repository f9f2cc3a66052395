/*
 * Key pairs for signatures, RSA and Ed25519, by OpenSSL.
 */
#ifndef BASE_CRYPTO_KEY_H
#define BASE_CRYPTO_KEY_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/fail.h"

enum crypto_key_type { CRYPTO_KEY_RSA, CRYPTO_KEY_ED25519 };

/* A private key, or the public half of one. */
struct crypto_key;

/* A new private key; bits is for RSA. SYSTEM if OpenSSL cannot make it. */
int crypto_key_make(
    struct crypto_key **, enum crypto_key_type, int bits, struct fail *);

/*
 * A private key from PEM text. DATA if the text is no PEM, if it needs a
 * passphrase, if it holds a public key only, or a key of another type.
 */
int crypto_key_parse(struct crypto_key **, struct str pem, struct fail *);

/*
 * A public key from bytes: RSA as DER of SubjectPublicKeyInfo or RSAPublicKey
 * (RFC 6376 3.6.1), Ed25519 as its 32 bytes (RFC 8463 4). DATA.
 */
int crypto_key_parse_public(struct crypto_key **, enum crypto_key_type,
    struct str bytes, struct fail *);

/* NULL is no key. */
void crypto_key_free(struct crypto_key *);

enum crypto_key_type crypto_key_type(const struct crypto_key *);
int crypto_key_bits(const struct crypto_key *);

/* Append a private key as PEM; the caller erases the buffer. */
void crypto_key_put(struct buf *, const struct crypto_key *);

/* Append the public half, as crypto_key_parse_public() reads it. */
void crypto_key_put_public(struct buf *, const struct crypto_key *);

/*
 * Append the signature of a SHA-256: RSASSA-PKCS1-v1_5, or PureEdDSA over the
 * 32 bytes (RFC 8463 3). SYSTEM. True if such a signature is the key's.
 */
int crypto_key_sign(struct buf *, const struct crypto_key *,
    const unsigned char sha256[CRYPTO_SHA256], struct fail *);
bool crypto_key_verify(const struct crypto_key *,
    const unsigned char sha256[CRYPTO_SHA256], struct str signature);

#endif
