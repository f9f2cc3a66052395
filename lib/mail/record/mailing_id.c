#include "mail/record/mailing_id.h"

#include "base/ascii.h"
#include "base/crypto.h"

#define WORDS_MAX 40 /* bytes that come from the subject */
#define HASH_BYTES 4

/* Letters and digits, with a hyphen for what is between them. */
static void
put_subject(struct buf *b, struct str subject)
{
	for (size_t i = 0; i < subject.n && b->len < WORDS_MAX; i++) {
		char c = ascii_lower(subject.p[i]);

		if (ascii_is_alnum(c))
			buf_addc(b, c);
		else if (b->len == 0 || b->p[b->len - 1] != '-')
			buf_addc(b, '-');
	}
}

void
mailing_id_make(struct buf *b, struct str course, struct str subject)
{
	struct crypto_hash *hash = crypto_hash_new();
	unsigned char digest[CRYPTO_SHA256];
	struct buf text = {0};
	struct str words;

	put_subject(&text, subject);
	words = str_strip(buf_str(&text), "-");
	buf_addstr(b, words.n > 0 ? words : STR("mailing"));
	buf_addc(b, '-');
	crypto_hash_add(hash, course.p, course.n);
	crypto_hash_add(hash, "", 1);
	crypto_hash_add(hash, subject.p, subject.n);
	crypto_hash_finish(hash, digest);
	crypto_hex(b, digest, HASH_BYTES);
	buf_free(&text);
}
