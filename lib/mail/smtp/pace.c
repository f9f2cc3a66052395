#include "mail/smtp/pace.h"

#define STEP_MAX 60000 /* ms */
#define RECOVER 100    /* unblamed messages that raise the limit by one */

struct pace
pace_of(int connections, int max_retries, int64_t step_ms)
{
	return (struct pace){.most = connections,
	    .limit = connections,
	    .max_retries = max_retries,
	    .step_ms = step_ms};
}

/* Milliseconds of quiet after n failures or complaints in a row. */
static int64_t
quiet_ms(const struct pace *p, int n)
{
	int64_t ms = p->step_ms;

	while (--n > 0 && ms < STEP_MAX)
		ms *= 2;
	return ms < STEP_MAX ? ms : STEP_MAX;
}

void
pace_success(struct pace *p)
{
	p->failures = p->complaints = 0;
	if (++p->unblamed < RECOVER || p->limit == p->most)
		return;
	p->unblamed = 0;
	p->limit++;
}

bool
pace_complaint(struct pace *p, int64_t now)
{
	p->unblamed = 0;
	p->complaints++;
	p->limit = p->limit > 1 ? p->limit / 2 : 1;
	p->quiet = now + quiet_ms(p, p->complaints);
	return p->complaints <= p->max_retries;
}

bool
pace_failure(struct pace *p, int up, bool at_once, int64_t now)
{
	p->unblamed = 0;
	if (up > 0) {
		p->limit = up < p->limit ? up : p->limit;
		p->quiet = now + p->step_ms;
		return true;
	}
	p->failures++;
	if (!at_once || p->failures > 1)
		p->quiet = now + quiet_ms(p, p->failures - at_once);
	return p->failures <= p->max_retries;
}

/* Open as many at once as are up, so that their number doubles. */
int
pace_more(const struct pace *p, int have, int opening, int64_t now)
{
	int at_once = have - opening > 1 ? have - opening : 1;
	int more = at_once - opening;

	if (now < p->quiet || have >= p->limit)
		return 0;
	return more < p->limit - have ? more : p->limit - have;
}
