#include "mail/report/html_states.h"

#include "mail/report/html_page.h"

void
html_states_open_table(struct buf *b, const char *caption, const char *column)
{
	const char *names[2 + REPORT_STATES] = {column, "total"};

	for (int i = 0; i < REPORT_STATES; i++)
		names[2 + i] = report_state_label((enum report_state)i);
	html_page_open_table(b, caption, names, 2 + REPORT_STATES, 1);
}

void
html_states_counts(struct buf *b, const struct report_group *g)
{
	html_page_number(b, g->total);
	for (int i = 0; i < REPORT_STATES; i++)
		html_page_number(b, g->by[i]);
}

void
html_states_key(struct buf *b, unsigned states)
{
	buf_adds(b, "<ul class=\"key\" aria-hidden=\"true\">");
	for (int i = 0; i < REPORT_STATES; i++) {
		if ((states & 1U << i) != 0)
			buf_printf(b, "<li><i class=\"s%d\"></i>%s</li>", i,
			    report_state_label((enum report_state)i));
	}
	buf_adds(b, "</ul>\n");
}
