#include "base/range.h"

#include <limits.h>
#include <string.h>

#include "base/num.h"

int
range_parse(struct range *r, struct str s, struct fail *f)
{
	const char *dots = s.n > 0 ? memmem(s.p, s.n, "..", 2) : NULL;
	struct str low = s, high = s;
	struct fail why;

	if (dots != NULL) {
		low.n = (size_t)(dots - s.p);
		high.p = dots + 2;
		high.n = s.n - low.n - 2;
	}
	if (num_parse(low, 0, LLONG_MAX, &r->min, &why) < 0 ||
	    num_parse(high, 0, LLONG_MAX, &r->max, &why) < 0 || r->min > r->max)
		return fail_system(f,
		    "\"%.*s\" is neither a number nor a range like 90..110",
		    (int)(s.n < 100 ? s.n : 100), s.p);
	return 0;
}

bool
range_has(const struct range *r, long long n)
{
	return n >= r->min && n <= r->max;
}
