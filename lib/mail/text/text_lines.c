#include "mail/text/text_lines.h"

void
text_lines_separate(struct text_lines *l, enum text_gap gap)
{
	if (gap > l->gap)
		l->gap = gap;
}

/* Put what comes before the next line. */
static void
put_gap(struct text_lines *l)
{
	if (l->count == 0) {
		l->lead = l->gap;
	} else if (l->gap == GAP_BLANK) {
		buf_addc(&l->text, '\n');
		l->blank_inside = true;
	}
}

void
text_lines_add(struct text_lines *l, struct str line)
{
	put_gap(l);
	buf_addstr(&l->text, line);
	buf_addc(&l->text, '\n');
	l->count++;
	l->gap = GAP_LINE;
	*l->shown = true;
}

void
text_lines_append(struct text_lines *l, const struct text_lines *other)
{
	if (other->count == 0) {
		text_lines_separate(l, other->gap);
		return;
	}
	text_lines_separate(l, other->lead);
	put_gap(l);
	buf_addstr(&l->text, buf_str(&other->text));
	l->count += other->count;
	l->blank_inside = l->blank_inside || other->blank_inside;
	l->gap = other->gap;
	*l->shown = true;
}
