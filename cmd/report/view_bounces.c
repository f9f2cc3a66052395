#include "report/view_bounces.h"

#include "port/bounce/bounce_register.h"

int
view_bounces_count(
    const struct ledger_read *ledgers, struct report *r, struct fail *f)
{
	for (size_t i = 0; i < ledgers->count; i++) {
		long long bounced, complained;

		if (bounce_register_count(ledgers->stores[i]->bounces, r->id,
			&bounced, &complained, f) < 0)
			return -1;
		r->bounced += bounced;
		r->complained += complained;
	}
	return 0;
}
