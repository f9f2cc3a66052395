#include "mail/report/count_columns.h"

static const char *const names[] = {
    "total", "sent", "failed", "deferred", "other"};

size_t
count_columns(const struct report_style *style)
{
	return style->width >= 66 ? 5 : style->width >= 38 ? 3 : 1;
}

void
count_columns_names(struct columns *t, const struct report_style *style)
{
	for (size_t i = 0; i < count_columns(style); i++)
		columns_text(t, names[i]);
}

void
count_columns_numbers(struct columns *t, const struct report_group *g,
    const struct report_style *style)
{
	const long long *by = g->by;
	const long long counts[] = {g->total, by[REPORT_SENT],
	    by[REPORT_FAILED], by[REPORT_DEFERRED],
	    by[REPORT_IN_DOUBT] + by[REPORT_SKIPPED] + by[REPORT_CLAIMED]};

	for (size_t i = 0; i < count_columns(style); i++)
		columns_number(t, counts[i]);
}
