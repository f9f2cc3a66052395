#include "mail/mime/encoded_word.h"

#include <stdbool.h>
#include <string.h>

#include "base/ascii.h"
#include "base/crypto.h"
#include "base/utf8.h"

#define WORD_MAX 75  /* an encoded-word, delimiters included */
#define WORD_OVER 12 /* the delimiters */
#define WORD_LINE 76 /* a line that holds an encoded-word */

/* Characters that the Q form leaves alone, even in a phrase (RFC 2047 5(3)). */
static bool
is_q_safe(unsigned char c)
{
	return ascii_is_alnum((char)c) ||
	       (c != 0 && strchr("!*+-/", c) != NULL);
}

static size_t
q_length(struct str s)
{
	size_t i, n = 0;

	for (i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		n += is_q_safe(c) || c == ' ' ? 1 : 3;
	}
	return n;
}

static size_t
b_length(size_t n)
{
	return (n + 2) / 3 * 4;
}

static void
put_q(struct buf *b, struct str s)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t i;

	for (i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (is_q_safe(c)) {
			buf_addc(b, (char)c);
		} else if (c == ' ') {
			buf_addc(b, '_');
		} else {
			buf_addc(b, '=');
			buf_addc(b, hex[c >> 4]);
			buf_addc(b, hex[c & 15]);
		}
	}
}

static void
put_encoded_word(struct buf *b, struct str s, bool q)
{
	buf_adds(b, q ? "=?utf-8?Q?" : "=?utf-8?B?");
	if (q)
		put_q(b, s);
	else
		crypto_base64(b, s.p, s.n);
	buf_adds(b, "?=");
}

/* End of the grapheme cluster, or of the character, that begins at at. */
static size_t
find_unit_end(struct str s, size_t at, bool clusters)
{
	size_t end = at;

	if (clusters)
		return utf8_grapheme(s.p, s.n, at);
	utf8_next(s.p, s.n, &end);
	return end;
}

/*
 * Length of the longest prefix of s that fits into room in B form. Only the
 * last word is padded: some readers join words before they decode them, and
 * stop at the padding.
 */
static size_t
cut_b_word(struct str s, size_t room, bool clusters)
{
	size_t best = 0, end = 0;

	while (end < s.n) {
		end = find_unit_end(s, end, clusters);
		if (b_length(end) > room)
			break;
		if (end % 3 == 0 || end == s.n)
			best = end;
	}
	return best;
}

static size_t
cut_q_word(struct str s, size_t room, bool clusters)
{
	size_t n = 0, end, length;

	for (; n < s.n; n = end) {
		end = find_unit_end(s, n, clusters);
		length = q_length((struct str){s.p + n, end - n});
		if (length > room)
			break;
		room -= length;
	}
	return n;
}

/*
 * Length of the next word's text; *q: in Q form. A cluster that no word can
 * hold is cut between characters. 0: no text fits into room.
 */
static size_t
cut_word(struct str s, size_t room, bool *q)
{
	bool full = room >= WORD_MAX - WORD_OVER, clusters = true;
	size_t n;

	for (;; clusters = false) {
		n = *q ? 0 : cut_b_word(s, room, clusters);
		if (n > 0)
			return n;
		n = cut_q_word(s, room, clusters);
		if (n > 0) {
			*q = true;
			return n;
		}
		if (!full || !clusters)
			return 0;
	}
}

static size_t
current_column(const struct buf *b, size_t line_start)
{
	return b->len - line_start;
}

static void
fold_line(struct buf *b, size_t *line_start)
{
	buf_adds(b, "\r\n ");
	*line_start = b->len - 1;
}

void
encoded_word_put(struct buf *b, struct str s, size_t line_start)
{
	/* ASCII comes here if it looks like an encoded-word, or is long. */
	bool latin = str_is_ascii(s) || q_length(s) <= b_length(s.n);

	while (s.n > 0) {
		size_t used = current_column(b, line_start) + WORD_OVER, n = 0;
		bool q = latin;

		if (used < WORD_LINE)
			n = cut_word(s, WORD_LINE - used, &q);
		if (n == 0) {
			/* A line must not end with the space before the word.
			 */
			if (b->p[b->len - 1] == ' ' && used > WORD_OVER + 1)
				b->len--;
			fold_line(b, &line_start);
			continue;
		}
		put_encoded_word(b, (struct str){s.p, n}, q);
		s = (struct str){s.p + n, s.n - n};
		if (s.n > 0)
			fold_line(b, &line_start);
	}
}
