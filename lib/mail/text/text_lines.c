#include "mail/text/text_lines.h"

void
text_lines_separate(struct text_lines *l, enum text_gap gap)
{
	if (gap > l->gap)
		l->gap = gap;
}

void
text_lines_add(struct text_lines *l, struct str line)
{
	if (l->count == 0) {
		l->lead = l->gap;
	} else if (l->gap == GAP_BLANK) {
		buf_addc(&l->text, '\n');
		l->blank_inside = true;
	}
	buf_addstr(&l->text, line);
	buf_addc(&l->text, '\n');
	l->count++;
	l->gap = GAP_LINE;
	*l->shown = true;
}
