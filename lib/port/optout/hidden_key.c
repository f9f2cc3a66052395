#include "port/optout/hidden_key.h"

#include <string.h>

#include "base/crypto.h"

#define PREFIX "sha256:" /* SQL of other files has it, too */

void
hidden_key_put(struct buf *b, struct str key)
{
	static const char salt[] = "bm forget 1";
	unsigned char sum[CRYPTO_SHA256];
	struct buf text = {0};

	buf_add(&text, salt, sizeof(salt));
	buf_addstr(&text, key);
	crypto_sha256(text.p, text.len, sum);
	buf_adds(b, PREFIX);
	crypto_hex(b, sum, sizeof(sum));
	buf_free(&text);
}

bool
hidden_key_valid(struct str key)
{
	size_t n = strlen(PREFIX);

	return str_starts(key, PREFIX) &&
	       crypto_is_hex((struct str){key.p + n, key.n - n}, CRYPTO_SHA256);
}
