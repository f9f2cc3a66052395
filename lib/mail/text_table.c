#include "mail/text_flow.h"

static void
put_cells(struct flow *f, struct html_node *n)
{
	flow_content(f, n);
}

void
table_put(struct flow *f, struct html_node *table)
{
	const struct html_node *link = link_of_table(table);

	f->nesting++;
	if (link != NULL)
		link_begin(f, link);
	flow_break(f, GAP_BLANK);
	put_cells(f, table);
	flow_break(f, GAP_BLANK);
	if (link != NULL)
		link_end(f);
	f->nesting--;
}
