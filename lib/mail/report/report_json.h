/*
 * A report as one JSON object and its newline (bm-report.1).
 */
#ifndef MAIL_REPORT_REPORT_JSON_H
#define MAIL_REPORT_REPORT_JSON_H

#include "mail/report/report.h"

void report_json(struct buf *, const struct report *);

/* Only the mailing and its counts by state. */
void report_json_brief(struct buf *, const struct report *);

/* A member with a time in ms since 1970, as RFC 3339; null for 0. */
void report_json_time(struct buf *, const char *name, int64_t ms);

#endif
