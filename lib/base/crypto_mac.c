#include "base/crypto_mac.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>

int
crypto_mac_md5(unsigned char out[CRYPTO_MAC_MD5], struct str key,
    struct str text, struct fail *f)
{
	unsigned char none[1] = {0};
	unsigned n = CRYPTO_MAC_MD5;
	const void *k = key.n > 0 ? key.p : (const char *)none;

	if (HMAC(EVP_md5(), k, (int)key.n, (const unsigned char *)text.p,
		text.n, out, &n) == NULL)
		return fail_data(f, "OpenSSL offers no MD5");
	return 0;
}

void
crypto_mac_sha256(
    unsigned char out[CRYPTO_SHA256], struct str key, struct str text)
{
	unsigned n = CRYPTO_SHA256;

	if (HMAC(EVP_sha256(), key.p, (int)key.n, (const unsigned char *)text.p,
		text.n, out, &n) == NULL)
		abort();
}
