#include "mail/record/plan_keys.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/crypto.h"
#include "base/mem.h"

struct plan_keys {
	struct crypto_hash *hash;
};

struct plan_keys *
plan_keys_new(void)
{
	struct plan_keys *k = mem_new(sizeof(*k));

	k->hash = crypto_hash_new();
	return k;
}

void
plan_keys_add(struct plan_keys *k, struct str key)
{
	crypto_hash_add(k->hash, key.p, key.n);
	crypto_hash_add(k->hash, "\n", 1);
}

void
plan_keys_finish(struct plan_keys *k, struct buf *hex)
{
	unsigned char digest[CRYPTO_SHA256];

	crypto_hash_finish(k->hash, digest);
	crypto_hex(hex, digest, sizeof(digest));
	free(k);
}

int
plan_keys_check(const struct plan *p, struct str text, struct fail *f)
{
	unsigned char digest[CRYPTO_SHA256];
	struct buf hex = {0};
	bool same;

	crypto_sha256(text.p, text.n, digest);
	crypto_hex(&hex, digest, sizeof(digest));
	same = str_eq(buf_str(&hex), p->keys_sha256);
	buf_free(&hex);
	return same ? 0 : fail_data(f, "not the recipients of the plan");
}
