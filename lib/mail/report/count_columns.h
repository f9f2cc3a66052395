/*
 * The columns of counts by state in a terminal's tables: total, sent, failed,
 * deferred, other; on a narrow terminal only the first ones.
 */
#ifndef MAIL_REPORT_COUNT_COLUMNS_H
#define MAIL_REPORT_COUNT_COLUMNS_H

#include "base/columns.h"
#include "mail/report/report_group.h"
#include "mail/report/report_style.h"

/* How many columns there are: 1, 3 or 5. */
size_t count_columns(const struct report_style *);

/* Append the cells with the columns' names, or with a group's counts. */
void count_columns_names(struct columns *, const struct report_style *);
void count_columns_numbers(
    struct columns *, const struct report_group *, const struct report_style *);

#endif
