/*
 * Counts by state on an HTML page: table columns and the key of the colours.
 */
#ifndef MAIL_REPORT_HTML_STATES_H
#define MAIL_REPORT_HTML_STATES_H

#include "base/buf.h"
#include "mail/report/report_group.h"

/* A table whose columns are the named one, the total and each state. */
void html_states_open_table(
    struct buf *, const char *caption, const char *column);

/* The cells of the total and of each state. */
void html_states_counts(struct buf *, const struct report_group *);

/* The chart colours' meaning; states is a set of 1 << report_state. */
void html_states_key(struct buf *, unsigned states);

#endif
