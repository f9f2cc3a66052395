#include "mail/mime/encoded_word_read.h"

#include <string.h>

#include "base/ascii.h"
#include "base/crypto.h"
#include "base/num.h"

static void
decode_q(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		int byte =
		    s.p[i] == '=' ? num_hex_byte(s.p + i + 1, s.p + s.n) : -1;

		if (byte >= 0) {
			buf_addc(b, (char)byte);
			i += 2;
		} else {
			buf_addc(b, s.p[i] == '_' ? ' ' : s.p[i]);
		}
	}
}

/* Decode the encoded-word at the start; its length, or 0. */
static size_t
decode_word(struct buf *b, struct str s)
{
	const char *end, *charset, *kind, *stop;
	struct str text;
	struct fail f;

	if (!str_starts(s, "=?"))
		return 0;
	end = s.p + (s.n < ENCODED_WORD_MAX ? s.n : ENCODED_WORD_MAX);
	charset = memchr(s.p + 2, '?', (size_t)(end - s.p) - 2);
	if (charset == NULL || end - charset < 3 || charset[2] != '?')
		return 0;
	kind = charset + 1;
	text.p = kind + 2;
	stop = memmem(text.p, (size_t)(end - text.p), "?=", 2);
	if (stop == NULL)
		return 0;
	text.n = (size_t)(stop - text.p);
	if (*kind == 'Q' || *kind == 'q')
		decode_q(b, text);
	else if ((*kind != 'B' && *kind != 'b') ||
		 crypto_unbase64(b, text, &f) < 0)
		return 0;
	return (size_t)(stop + 2 - s.p);
}

/* Blanks between two encoded-words are not part of the text (RFC 2047 6.2). */
void
encoded_word_read(struct buf *b, struct str s)
{
	size_t i = 0, used, next;

	while (i < s.n) {
		used = decode_word(b, (struct str){s.p + i, s.n - i});
		if (used == 0) {
			buf_addc(b, s.p[i++]);
			continue;
		}
		i += used;
		next = i;
		while (next < s.n && ascii_is_space(s.p[next]))
			next++;
		if (str_starts((struct str){s.p + next, s.n - next}, "=?"))
			i = next;
	}
}
