#include "mail/dkim/dkim_hash.h"

#include <stdbool.h>
#include <strings.h>

#include "mail/dkim/dkim_tags.h"

void
dkim_hash_put_fields(struct buf *b, enum dkim_canon canon,
    const struct dkim_fields *h, struct str names, struct arena *arena)
{
	/* A name that stands in h= again selects the next field above. */
	bool *used = arena_alloc(arena, h->count + 1);
	struct str rest = names, name;

	while (dkim_tags_next(&rest, &name)) {
		const struct dkim_field *field = NULL;

		for (size_t i = h->count; i > 0 && field == NULL; i--) {
			const struct dkim_field *at = &h->all[i - 1];

			if (!used[i - 1] && at->name.n == name.n &&
			    strncasecmp(at->name.p, name.p, name.n) == 0) {
				used[i - 1] = true;
				field = at;
			}
		}
		if (field == NULL)
			continue;
		dkim_canon_field(b, canon, field->all);
		buf_adds(b, "\r\n");
	}
}

void
dkim_hash_signature(unsigned char out[CRYPTO_SHA256], enum dkim_canon canon,
    struct str fields, struct str signature)
{
	struct crypto_hash *hash = crypto_hash_new();
	struct buf b = {0};

	crypto_hash_add(hash, fields.p, fields.n);
	dkim_canon_field(&b, canon, signature);
	crypto_hash_add(hash, b.p, b.len);
	crypto_hash_finish(hash, out);
	buf_free(&b);
}
