#include "mail/smtp/rate.h"

#include <string.h>

#include "base/ascii.h"
#include "base/num.h"
#include <stdio.h>

#define N_MAX 1000000000

/* A unit without a number means one of it: "s", "min", "d". */
static int
parse_span(struct str s, int64_t *span, struct fail *f)
{
	char one[8];

	if (s.n > 0 && s.n < sizeof(one) - 1 && !ascii_is_digit(*s.p)) {
		snprintf(one, sizeof(one), "1%.*s", (int)s.n, s.p);
		s = str_of(one);
	}
	return num_duration(s, "s", span, f);
}

int
rate_parse(struct rate *r, struct str s, struct fail *f)
{
	const char *slash = s.n > 0 ? memchr(s.p, '/', s.n) : NULL;
	struct str n, span;

	if (slash == NULL)
		return fail_system(f,
		    "a rate is a number, / and a time, as in 14/s or "
		    "1500/10s, not \"%.*s\"",
		    (int)s.n, s.p);
	n = (struct str){s.p, (size_t)(slash - s.p)};
	span = (struct str){slash + 1, s.n - n.n - 1};
	if (num_parse(n, 1, N_MAX, &r->n, f) < 0 ||
	    parse_span(span, &r->span, f) < 0 || r->span < RATE_SLICES)
		return fail_system(
		    f, "\"%.*s\" is no rate: %s", (int)s.n, s.p, f->text);
	return 0;
}

int64_t
rate_slice(const struct rate *r, int64_t ms)
{
	return ms / (r->span / RATE_SLICES);
}
