/*
 * Charts as inline SVG: counts by state, stacked. Colours come from the
 * page's style sheet by the classes s0, s1 ... (report_state) and wait.
 */
#ifndef MAIL_REPORT_CHART_H
#define MAIL_REPORT_CHART_H

#include <stddef.h>

#include "base/buf.h"
#include "mail/report/report.h"

struct chart_bar {
	struct str label; /* plain text; may be empty */
	struct str tick;  /* below the axis of columns; absent: none */
	long long by[REPORT_STATES];
};

/*
 * title says what it shows, for those who do not see it. Bars stand side by
 * side over an axis of counts.
 */
void chart_columns(
    struct buf *, const char *title, const struct chart_bar *, size_t count);

/* Bars below one another, each with its label and its total. */
void chart_rows(
    struct buf *, const char *title, const struct chart_bar *, size_t count);

/* Text with what HTML and SVG must not take literally escaped. */
void chart_text(struct buf *, struct str);

#endif
