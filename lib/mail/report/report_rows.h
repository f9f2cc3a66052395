/*
 * One recipient of a mailing a line: as a record (bm-records.5) or as CSV.
 */
#ifndef MAIL_REPORT_REPORT_ROWS_H
#define MAIL_REPORT_REPORT_ROWS_H

#include "base/buf.h"
#include "mail/report/report.h"

/* An outcome record and its newline; status may be "claimed" as well. */
void report_rows_record(
    struct buf *, const struct report_row *, struct str course_id);

/* RFC 4180: the names of the columns, then a line for each row, with CRLF. */
void report_rows_csv_head(struct buf *);
void report_rows_csv(
    struct buf *, const struct report_row *, struct str course_id);

#endif
