#include "mail/smtp/breaker.h"

#include "base/ascii.h"

/* FNV-1a */
#define SEED UINT64_C(0xcbf29ce484222325)
#define PRIME UINT64_C(0x100000001b3)

static uint64_t
mix(uint64_t h, unsigned char c)
{
	return (h ^ c) * PRIME;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t';
}

/* A word with a digit or an @ in it differs from one recipient to the next. */
static uint64_t
mix_word(uint64_t h, const char *p, size_t n)
{
	uint64_t word = h;
	size_t i;

	for (i = 0; i < n; i++) {
		if (p[i] == '@' || ascii_is_digit(p[i]))
			return mix(h, '#');
		word = mix(word, (unsigned char)ascii_lower(p[i]));
	}
	return mix(word, ' ');
}

static uint64_t
fingerprint(const struct reply *r)
{
	uint64_t h = mix(mix(SEED, (unsigned char)(r->code / 100)),
	    (unsigned char)(r->code % 100));
	const char *p, *q;

	for (p = r->enhanced; *p != '\0'; p++)
		h = mix(h, (unsigned char)*p);
	for (p = r->text; *p != '\0'; p = q) {
		for (q = p; *q != '\0' && !is_space(*q); q++)
			;
		h = mix_word(h, p, (size_t)(q - p));
		while (is_space(*q))
			q++;
	}
	return h != 0 ? h : 1;
}

static void
note(struct breaker *b, uint64_t what)
{
	size_t before = (b->next + BREAKER_WINDOW - 1) % BREAKER_WINDOW;

	b->run = b->count > 0 && b->last[before] == what ? b->run + 1 : 1;
	b->last[b->next] = what;
	b->next = (b->next + 1) % BREAKER_WINDOW;
	if (b->count < BREAKER_WINDOW)
		b->count++;
}

void
breaker_accept(struct breaker *b)
{
	note(b, 0);
}

bool
breaker_refuse(struct breaker *b, const struct reply *r, bool personal)
{
	uint64_t what = fingerprint(r);
	size_t i, same = 0;

	note(b, what);
	if (b->run >= BREAKER_RUN)
		return true;
	if (personal || b->count < BREAKER_WINDOW)
		return false;
	for (i = 0; i < BREAKER_WINDOW; i++)
		same += b->last[i] == what;
	return same * 100 > (size_t)BREAKER_SHARE * BREAKER_WINDOW;
}
