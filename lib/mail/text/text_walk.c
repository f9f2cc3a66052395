#include "mail/text/text_walk.h"

#include <string.h>

#include "mail/text/text_fill.h"
#include "mail/text/text_keep.h"
#include "mail/text/text_link.h"
#include "mail/text/text_list.h"
#include "mail/text/text_script.h"
#include "mail/text/text_style.h"
#include "mail/text/text_table.h"

#define RULE_COLUMNS 72 /* of a rule, at most */

static void
put_indented(struct text_flow *f, struct html_node *n, enum text_gap gap,
    const char *with)
{
	struct text_flow inner =
	    text_flow_inner(f, f->para.width - (int)strlen(with));

	text_flow_break(f, gap);
	text_flow_content(&inner, n);
	if (gap == GAP_BLANK)
		text_flow_attach(f, &inner, str_of(with), str_of(with));
	else
		text_flow_attach_open(f, &inner, str_of(with));
	text_flow_break(f, gap);
	text_flow_free(&inner);
}

static void
put_rule(struct text_flow *f, char c, size_t columns)
{
	struct buf line = {0};

	memset(buf_reserve(&line, columns), c, columns);
	line.len = columns;
	text_lines_add(&f->para.lines, buf_str(&line));
	buf_free(&line);
}

static void
put_underlined(struct text_flow *f, struct html_node *n)
{
	struct text_flow inner = text_flow_inner(f, f->para.width);
	struct str rest, line;
	size_t columns = 0;

	text_flow_break(f, GAP_BLANK);
	text_flow_content(&inner, n);
	rest = buf_str(&inner.para.lines.text);
	while (str_line(&rest, &line)) {
		size_t c = text_fill_columns(&f->job->html.fields, line);

		columns = c > columns ? c : columns;
	}
	text_flow_attach(f, &inner, STR(""), STR(""));
	if (columns > 0)
		put_rule(f, n->tag == TAG_H1 ? '=' : '-', columns);
	text_flow_break(f, GAP_BLANK);
	text_flow_free(&inner);
}

static void
put_hr(struct text_flow *f)
{
	int columns = f->para.width == 0 || f->para.width > RULE_COLUMNS
			  ? RULE_COLUMNS
			  : f->para.width;

	text_flow_break(f, GAP_BLANK);
	put_rule(f, '-', (size_t)columns);
	text_flow_break(f, GAP_BLANK);
}

/* The LF at the start of pre is not part of the text. */
static void
put_text_node(struct text_flow *f, const struct html_node *n)
{
	struct str s = n->text;

	if (n->parent->tag == TAG_PRE && n->parent->first == n && s.n > 0 &&
	    s.p[0] == '\n') {
		s.p++;
		s.n--;
	}
	text_para_text(&f->para, s, n->style);
}

/* Put a block with a flow of its own; false for any other node. */
static bool
put_block(struct text_flow *f, struct html_node *n)
{
	if (f->nesting >= TEXT_NESTING)
		return false;
	switch ((enum text_tag)n->tag) {
	case TAG_H1:
	case TAG_H2:
		put_underlined(f, n);
		return true;
	case TAG_QUOTE:
		put_indented(f, n, GAP_BLANK, "> ");
		return true;
	case TAG_DD:
		put_indented(f, n, GAP_LINE, "    ");
		return true;
	case TAG_UL:
	case TAG_OL:
		text_list_put(f, n);
		return true;
	case TAG_TABLE:
		text_table_put(f, n);
		return true;
	default:
		return false;
	}
}

static enum text_gap
choose_gap(enum text_tag tag)
{
	switch (tag) {
	case TAG_BLANK:
	case TAG_P:
	case TAG_PRE:
	case TAG_H1:
	case TAG_H2:
	case TAG_QUOTE:
	case TAG_UL:
	case TAG_OL:
	case TAG_TABLE:
		return GAP_BLANK;
	case TAG_LINE:
	case TAG_DIV:
	case TAG_LI:
	case TAG_DD:
	case TAG_ROWS:
	case TAG_TR:
	case TAG_TD:
	case TAG_TH:
	case TAG_CAPTION:
		return GAP_LINE;
	default:
		return GAP_NONE;
	}
}

/* Start a node; true if its content is to be walked. */
static bool
enter_node(struct text_flow *f, struct html_node *n)
{
	if (!text_flow_shows(f, n))
		return false;
	if ((n->style & STYLE_BLOCK) != 0)
		text_flow_break(f, GAP_LINE);
	if ((n->style & STYLE_BOX) != 0 && f->para.boxed)
		f->para.space = f->para.other = true;
	switch ((enum text_tag)n->tag) {
	case TAG_TEXT:
		put_text_node(f, n);
		return false;
	case TAG_BR:
		text_para_break(&f->para);
		return true;
	case TAG_HR:
		put_hr(f);
		return true;
	case TAG_IMG:
		text_link_put_image(f, n);
		return true;
	case TAG_AREA:
		text_link_put_area(f, n);
		return true;
	case TAG_A:
		text_link_enter(f, n);
		return true;
	case TAG_Q:
		text_para_word(&f->para, STR("\xe2\x80\x9c"));
		return true;
	case TAG_SUP:
	case TAG_SUB:
	case TAG_RT:
	case TAG_OVER:
		text_script_enter(f, n);
		return true;
	default:
		break;
	}
	if (put_block(f, n))
		return false;
	if (choose_gap(n->tag) != GAP_NONE)
		text_flow_break(f, choose_gap(n->tag));
	return true;
}

static void
leave_node(struct text_flow *f, const struct html_node *n)
{
	enum text_gap gap = choose_gap(n->tag);

	if (n->tag == TAG_A)
		text_link_leave(f);
	else if (n->tag == TAG_Q)
		text_para_word(&f->para, STR("\xe2\x80\x9d"));
	else if (n->tag == TAG_SUP || n->tag == TAG_SUB || n->tag == TAG_RT ||
		 n->tag == TAG_OVER)
		text_script_leave(f);
	if ((n->style & STYLE_BOX) != 0)
		f->para.boxed = f->para.last != 0;
	if ((n->style & STYLE_BLOCK) != 0)
		gap = GAP_LINE;
	if (gap == GAP_NONE)
		return;
	if (n->tag == TAG_DIV && f->para.last == 0 && f->para.nbsp > 0)
		gap = GAP_BLANK;
	text_flow_break(f, gap);
}

/* Put a block whose lines are kept; false for any other node. */
static bool
put_kept(struct text_flow *f, struct html_node *n)
{
	return choose_gap(n->tag) != GAP_NONE && text_flow_shows(f, n) &&
	       text_keep_put(f, n);
}

static void
walk_range(struct text_flow *f, struct html_node *n,
    const struct html_node *end, const struct html_node *parent)
{
	const struct text_link *outer = f->link;

	while (n != end && n != NULL) {
		struct html_node *done = NULL;

		if (n->tag == TAG_LI && f->nesting < TEXT_NESTING)
			done = text_list_put_stray(f, n);
		if (done == NULL && put_kept(f, n))
			done = n;
		if (done == NULL && enter_node(f, n) && n->first != NULL) {
			n = n->first;
			continue;
		}
		if (done != NULL)
			n = done;
		else if (n->tag != TAG_TEXT && text_flow_shows(f, n) &&
			 n->first == NULL)
			leave_node(f, n);
		while (n->next == NULL && n->parent != parent) {
			n = n->parent;
			leave_node(f, n);
		}
		n = n->next;
	}
	while (f->link != outer)
		text_link_leave(f);
	text_para_end(&f->para);
}

void
text_walk_document(struct text_flow *f)
{
	f->job->walk = walk_range;
	text_flow_content(f, f->job->html.root);
}
