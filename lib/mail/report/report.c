#include "mail/report/report.h"

long long
report_missing(const struct report *r)
{
	long long missing =
	    r->planned + (r->unplanned > 0 ? r->unplanned : 0) - r->all.total;

	return missing > 0 && !r->is_pruned ? missing : 0;
}

int
report_status(const struct report *r)
{
	const long long *by = r->all.by;

	if (r->all.total == 0 && !r->is_pruned && r->planned != 0)
		return 75;
	if (by[REPORT_DEFERRED] + by[REPORT_CLAIMED] + report_missing(r) > 0)
		return 75;
	return by[REPORT_FAILED] + by[REPORT_IN_DOUBT] > 0 ? 1 : 0;
}
