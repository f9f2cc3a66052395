/*
 * Times as exports and spreadsheets write them.
 */
#ifndef MAIL_ROSTER_ROSTER_TIME_H
#define MAIL_ROSTER_ROSTER_TIME_H

#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"

/* What 1/2/2026 is: unknown, 1 February or 2 January. */
enum roster_time_order {
	ROSTER_TIME_UNKNOWN,
	ROSTER_TIME_DAY_FIRST,
	ROSTER_TIME_MONTH_FIRST,
};

/*
 * Parse a time to ms since 1970, UTC without a zone: RFC 3339, also with a
 * blank for the "T", without seconds or a zone, or a date; 31.1.2026 10:00;
 * 1/31/2026 10:00 AM in this order; a spreadsheet's number of days since 1900.
 * DATA, also for a day that may be a month.
 */
int roster_time_parse(
    struct str, enum roster_time_order, int64_t *ms, struct fail *);

/* The order that a time like 31/1/2026 tells; UNKNOWN if it tells none. */
enum roster_time_order roster_time_tells(struct str);

#endif
