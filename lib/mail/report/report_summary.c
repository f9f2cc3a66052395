#include "mail/report/report_summary.h"

#include "base/columns.h"

static void
put_count(struct buf *b, long long n, const char *label)
{
	if (n == 0)
		return;
	buf_adds(b, ", ");
	columns_group(b, n);
	buf_printf(b, " %s", label);
}

static const char *
choose_word(const struct report *r)
{
	if (r->planned < 0)
		return "";
	return report_status(r) == 75 ? "not complete: " : "complete: ";
}

void
report_summary(struct buf *b, const struct report *r)
{
	long long missing = report_missing(r);

	if (r->is_stopped)
		buf_printf(b, "%.*s: ", (int)r->state.n, r->state.p);
	else
		buf_adds(b, choose_word(r));
	columns_group(b, r->all.by[REPORT_SENT]);
	buf_adds(b, " of ");
	if (r->planned >= 0)
		columns_group(b, r->all.total + missing);
	else
		buf_adds(b, "an unknown total");
	buf_adds(b, " have it");
	for (int i = REPORT_SENT + 1; i < REPORT_STATES; i++)
		put_count(
		    b, r->all.by[i], report_state_label((enum report_state)i));
	put_count(b, missing, "not started");
}
