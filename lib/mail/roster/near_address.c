#include "mail/roster/near_address.h"

#include <stdlib.h>
#include <string.h>

#include "base/near.h"

#define FAR 99        /* no misspelling */
#define SAME_NAME 9   /* the rank of an equal name at another domain */
#define LETTERS_MAX 3 /* that a part differs in */
#define NAME_MIN 3    /* shorter names are alike by chance */

/* Of two parts; FAR when more letters differ than a slip of the hand makes. */
static int
count_slips(struct str name, struct str known)
{
	int limit = 1 + (int)(name.n / 4), d;

	if (limit > LETTERS_MAX)
		limit = LETTERS_MAX;
	if (str_eq(name, known))
		return 0;
	if (labs((long)name.n - (long)known.n) > limit)
		return FAR;
	d = near_distance(name, known);
	return d < 0 || d > limit || d >= (int)name.n ? FAR : d;
}

/* The part before the last @; *domain is the part behind it. */
static struct str
split_key(struct str key, struct str *domain)
{
	const char *at = key.n > 0 ? memrchr(key.p, '@', key.n) : NULL;
	size_t n = at != NULL ? (size_t)(at - key.p) : key.n;

	*domain = at != NULL ? (struct str){at + 1, key.n - n - 1} : STR("");
	return (struct str){key.p, n};
}

static int
rank_key(struct str key, struct str known)
{
	struct str domain, known_domain;
	struct str name = split_key(key, &domain);
	struct str known_name = split_key(known, &known_domain);
	int names = count_slips(name, known_name), domains;

	if (names == FAR)
		return FAR;
	domains = count_slips(domain, known_domain);
	if (domains < FAR)
		return names + domains;
	return names == 0 && name.n >= NAME_MIN ? SAME_NAME : FAR;
}

void
near_address_offer(struct near_address *near, struct str known)
{
	int rank = rank_key(near->key, known);
	size_t at = near->count;

	near->offered++;
	while (at > 0 && near->rank[at - 1] > rank)
		at--;
	if (rank == FAR || at == NEAR_ADDRESS_MAX)
		return;
	if (near->count < NEAR_ADDRESS_MAX)
		near->count++;
	for (size_t i = near->count - 1; i > at; i--) {
		near->found[i] = near->found[i - 1];
		near->rank[i] = near->rank[i - 1];
	}
	near->found[at] = arena_str(near->arena, known);
	near->rank[at] = rank;
}
