/*
 * Bar charts as inline SVG: counts by state, stacked. The page's style sheet
 * (html_page.c) has the colours, by the classes s0, s1 ... (report_state).
 */
#ifndef MAIL_REPORT_CHART_H
#define MAIL_REPORT_CHART_H

#include <stddef.h>

#include "base/buf.h"
#include "mail/report/report_state.h"

struct chart_bar {
	struct str label; /* plain text; may be empty */
	struct str tick;  /* below the axis of columns; absent: no tick */
	long long by[REPORT_STATES];
};

/*
 * Bars side by side over an axis of counts. The title is for screen readers;
 * it is plain text.
 */
void chart_columns(
    struct buf *, const char *title, const struct chart_bar *, size_t count);

/* Bars below one another, each with its label and its total. */
void chart_rows(
    struct buf *, const char *title, const struct chart_bar *, size_t count);

#endif
