#include "base/near.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"

#define LENGTH_MAX 200 /* longer names are not compared */
#define PART_MIN 3     /* shorter names are part of too many others */

static int
min_int(int a, int b)
{
	return a < b ? a : b;
}

static int
letters_differ(char a, char b)
{
	return ascii_lower(a) != ascii_lower(b);
}

/* Optimal string alignment: insert, delete, change or swap letters. */
static int
edit_distance(struct str a, struct str b)
{
	int rows[3][LENGTH_MAX + 1];
	int *before = rows[0], *last = rows[1], *row = rows[2], *swap;
	size_t i, j;

	for (j = 0; j <= b.n; j++)
		last[j] = (int)j;
	for (i = 1; i <= a.n; i++) {
		row[0] = (int)i;
		for (j = 1; j <= b.n; j++) {
			int cost = letters_differ(a.p[i - 1], b.p[j - 1]);

			row[j] = min_int(min_int(last[j], row[j - 1]) + 1,
			    last[j - 1] + cost);
			if (i > 1 && j > 1 &&
			    !letters_differ(a.p[i - 1], b.p[j - 2]) &&
			    !letters_differ(a.p[i - 2], b.p[j - 1]))
				row[j] = min_int(row[j], before[j - 2] + 1);
		}
		swap = before;
		before = last;
		last = row;
		row = swap;
	}
	return last[b.n];
}

int
near_distance(struct str a, struct str b)
{
	return a.n > LENGTH_MAX || b.n > LENGTH_MAX ? -1 : edit_distance(a, b);
}

static bool
contains_name(struct str part, struct str whole)
{
	for (size_t i = 0; i + part.n <= whole.n; i++) {
		if (strncasecmp(whole.p + i, part.p, part.n) == 0)
			return part.n >= PART_MIN;
	}
	return false;
}

void
near_offer(struct near *near, struct str known)
{
	int d, limit = (int)near->name.n / 3 + 1;

	if (near->name.n == 0 || near->name.n > LENGTH_MAX || known.n == 0 ||
	    known.n > LENGTH_MAX)
		return;
	d = edit_distance(near->name, known);
	if (d > limit && contains_name(near->name, known))
		d = limit;
	if (d > limit || d >= (int)known.n)
		return;
	if (near->best.p == NULL || d < near->distance) {
		near->best = known;
		near->distance = d;
	}
}
