#include "mail/report/report_latency.h"

long long
report_latency_limit(size_t interval)
{
	static const long long limits[REPORT_LATENCY_INTERVALS] = {
	    5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, -1};

	return limits[interval];
}
