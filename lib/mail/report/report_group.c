#include "mail/report/report_group.h"

void
report_group_add(struct report_group *g, enum report_state state, long long n)
{
	g->by[state] += n;
	g->total += n;
}
