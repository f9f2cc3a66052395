/*
 * A report for people at a terminal.
 */
#ifndef MAIL_REPORT_REPORT_TEXT_H
#define MAIL_REPORT_REPORT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "mail/report/report.h"

struct report_style {
	size_t width; /* columns */
	bool ascii;   /* the terminal shows no UTF-8 */
	bool color;
};

/* All about one mailing. */
void report_text(
    struct buf *, const struct report *, const struct report_style *);

/* A line for each mailing. */
void report_text_list(struct buf *, const struct report *, size_t count,
    const struct report_style *);

#endif
