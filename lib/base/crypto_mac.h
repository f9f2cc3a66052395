/*
 * A message authentication code, by OpenSSL.
 */
#ifndef BASE_CRYPTO_MAC_H
#define BASE_CRYPTO_MAC_H

#include "base/fail.h"
#include "base/str.h"

#define CRYPTO_MAC_MD5 16 /* bytes */

/*
 * HMAC-MD5 (RFC 2104), which CRAM-MD5 needs. DATA if OpenSSL is set up without
 * MD5 (FIPS).
 */
int crypto_mac_md5(unsigned char out[CRYPTO_MAC_MD5], struct str key,
    struct str text, struct fail *);

#endif
