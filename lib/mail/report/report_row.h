/*
 * One recipient of a mailing, as the ledger has it, and its line of output: a
 * record (bm-records.5) or CSV (RFC 4180).
 */
#ifndef MAIL_REPORT_REPORT_ROW_H
#define MAIL_REPORT_REPORT_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/csv_put.h"
#include "mail/report/report_state.h"

struct report_row {
	struct str email_id, key, email;
	struct str message_id_left; /* absent for an erased person */
	struct str user_id, class, stage, enhanced, reply, queue_id, relay;
	enum report_state state;
	int code; /* 0: absent */
	long long attempt, ms;
	int64_t at, next_try; /* ms since 1970; 0: absent */
	bool user_number;     /* the user id is a number */
	bool reopened;        /* it had failed, as many others had */
	long long count;      /* 1, or more equal rows in a brief report */
};

/* An outcome record and its newline; status may be "claimed" as well. */
void report_row_record(
    struct buf *, const struct report_row *, struct str course_id);

/* CSV with CRLF: the line of column names, then a line for each row. */
void report_row_csv_header(struct buf *);
void report_row_csv(struct buf *, const struct report_row *,
    struct str course_id, enum csv_put_form);

#endif
