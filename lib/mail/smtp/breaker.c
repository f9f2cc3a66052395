#include "mail/smtp/breaker.h"

#include "base/ascii.h"

/* FNV-1a */
#define SEED UINT64_C(0xcbf29ce484222325)
#define PRIME UINT64_C(0x100000001b3)

static uint64_t
mix_byte(uint64_t h, unsigned char c)
{
	return (h ^ c) * PRIME;
}

static bool
is_word_end(char c)
{
	return c == ' ' || c == '\t';
}

/* Words with a digit or an @ count as equal: they vary with the recipient. */
static uint64_t
mix_word(uint64_t h, const char *p, size_t n)
{
	uint64_t word = h;
	size_t i;

	for (i = 0; i < n; i++) {
		if (p[i] == '@' || ascii_is_digit(p[i]))
			return mix_byte(h, '#');
		word = mix_byte(word, (unsigned char)ascii_lower(p[i]));
	}
	return mix_byte(word, ' ');
}

static uint64_t
hash_reply(const struct reply *r)
{
	uint64_t h = mix_byte(mix_byte(SEED, (unsigned char)(r->code / 100)),
	    (unsigned char)(r->code % 100));
	const char *p, *q;

	for (p = r->enhanced; *p != '\0'; p++)
		h = mix_byte(h, (unsigned char)*p);
	for (p = r->text; *p != '\0'; p = q) {
		for (q = p; *q != '\0' && !is_word_end(*q); q++)
			;
		h = mix_word(h, p, (size_t)(q - p));
		while (is_word_end(*q))
			q++;
	}
	return h != 0 ? h : 1;
}

static void
add_result(struct breaker *b, uint64_t result)
{
	size_t before = (b->next + BREAKER_WINDOW - 1) % BREAKER_WINDOW;

	b->run = b->count > 0 && b->last[before] == result ? b->run + 1 : 1;
	b->last[b->next] = result;
	b->next = (b->next + 1) % BREAKER_WINDOW;
	if (b->count < BREAKER_WINDOW)
		b->count++;
}

void
breaker_accept(struct breaker *b)
{
	add_result(b, 0);
}

bool
breaker_refuse(struct breaker *b, const struct reply *r, bool personal)
{
	uint64_t result = hash_reply(r);
	size_t i, same = 0;

	add_result(b, result);
	if (b->run >= BREAKER_RUN)
		return true;
	if (personal || b->count < BREAKER_WINDOW)
		return false;
	for (i = 0; i < BREAKER_WINDOW; i++)
		same += b->last[i] == result;
	return same * 100 > (size_t)BREAKER_SHARE * BREAKER_WINDOW;
}
