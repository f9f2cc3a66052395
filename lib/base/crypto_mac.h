/*
 * Message authentication codes, by OpenSSL.
 */
#ifndef BASE_CRYPTO_MAC_H
#define BASE_CRYPTO_MAC_H

#include "base/crypto.h"
#include "base/fail.h"
#include "base/str.h"

#define CRYPTO_MAC_MD5 16 /* bytes */

/*
 * HMAC-MD5 (RFC 2104), which CRAM-MD5 needs. DATA if OpenSSL is set up without
 * MD5 (FIPS).
 */
int crypto_mac_md5(unsigned char out[CRYPTO_MAC_MD5], struct str key,
    struct str text, struct fail *);

/* HMAC-SHA-256 (RFC 2104, RFC 6234); aborts if OpenSSL fails. */
void crypto_mac_sha256(
    unsigned char out[CRYPTO_SHA256], struct str key, struct str text);

#endif
