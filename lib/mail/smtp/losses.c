#include "mail/smtp/losses.h"

#define LOSSES_OWN 12 /* answers of one process between others' losses */
#define MASK ((UINT64_C(1) << LOSSES_WINDOW) - 1)

static size_t
count_lost(const struct losses *ls)
{
	return (size_t)__builtin_popcountll(ls->window);
}

void
losses_answer(struct losses *ls)
{
	ls->window = ls->window << 1 & MASK;
	ls->answers++;
	ls->received++;
}

uint64_t
losses_lose(struct losses *ls, uint64_t shared)
{
	size_t n = ls->answers;

	/* The losses of others are as recent as the answers. */
	if (shared != ls->merged && n > LOSSES_OWN)
		n = LOSSES_OWN;
	shared = n < LOSSES_WINDOW ? shared << n : 0;
	ls->window = ls->merged = (shared << 1 | 1) & MASK;
	ls->answers = 0;
	return ls->window;
}

bool
losses_are_many(const struct losses *ls)
{
	return count_lost(ls) >= LOSSES_MOST;
}

size_t
losses_dots(const struct losses *ls)
{
	size_t lost = count_lost(ls);

	if (lost >= LOSSES_DOTS)
		return 1;
	if (lost > 0 || ls->received <= LOSSES_TRUST)
		return LOSSES_DOTS - lost;
	return LOSSES_DOTS + (ls->received - LOSSES_TRUST);
}
