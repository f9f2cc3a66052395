#include "mail/mime/message_id.h"

#include "base/crypto.h"

void
message_id_make(struct buf *b, struct str email_id, struct str key)
{
	struct crypto_hash *h = crypto_hash_new();
	unsigned char digest[CRYPTO_SHA256];

	/* The literal's own NUL is the separator. */
	crypto_hash_add(h, "bm message-id 1", sizeof("bm message-id 1"));
	crypto_hash_add(h, email_id.p, email_id.n);
	crypto_hash_add(h, "", 1);
	crypto_hash_add(h, key.p, key.n);
	crypto_hash_finish(h, digest);
	crypto_base32(b, digest, 20);
}
