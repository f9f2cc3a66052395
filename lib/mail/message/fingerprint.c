#include "mail/message/fingerprint.h"

#include "base/buf.h"

#include <stdio.h>
#include <string.h>

void
fingerprint_make(
    char hex[FINGERPRINT_HEX + 1], const struct str *items, size_t count)
{
	struct crypto_hash *h = crypto_hash_new();
	unsigned char digest[CRYPTO_SHA256];
	struct buf out = {0};
	size_t i;

	for (i = 0; i < count; i++) {
		char length[32];
		int n = snprintf(length, sizeof(length), "%zu\n", items[i].n);

		crypto_hash_add(h, length, (size_t)n);
		crypto_hash_add(h, items[i].p, items[i].n);
	}
	crypto_hash_finish(h, digest);
	crypto_hex(&out, digest, sizeof(digest));
	memcpy(hex, buf_cstr(&out), FINGERPRINT_HEX + 1);
	buf_free(&out);
}
