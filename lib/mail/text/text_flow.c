#include "mail/text/text_flow.h"

#include <string.h>

#include "mail/text/text_link.h"

struct text_flow
text_flow_inner(const struct text_flow *f, int width)
{
	return (struct text_flow){.job = f->job,
	    .width = f->width == 0 ? 0
		     : width > 1   ? width
				   : 1,
	    .list_depth = f->list_depth,
	    .nesting = f->nesting + 1,
	    .in_link = f->in_link || f->link != NULL};
}

void
text_flow_end(struct text_flow *f)
{
	buf_free(&f->out);
	buf_free(&f->para.text);
}

static void
want_gap(struct text_flow *f, enum gap gap)
{
	if (gap > f->gap)
		f->gap = gap;
}

void
text_flow_break(struct text_flow *f, enum gap gap)
{
	text_para_flush(f);
	want_gap(f, gap);
	f->breaks++;
}

void
text_flow_line(struct text_flow *f, struct str line)
{
	if (f->lines == 0) {
		f->lead = f->gap;
	} else if (f->gap == GAP_BLANK) {
		buf_addc(&f->out, '\n');
		f->blank_inside = true;
	}
	buf_addstr(&f->out, line);
	buf_addc(&f->out, '\n');
	f->lines++;
	f->gap = GAP_LINE;
	f->job->shown = true;
}

void
text_flow_drawn_line(struct text_flow *f, struct str line)
{
	text_flow_line(f, line);
	if (f->link != NULL)
		buf_addstr(&f->link->text, line);
}

static void
put_prefix(struct buf *b, struct str prefix, bool blank)
{
	size_t n = prefix.n;

	while (blank && n > 0 && prefix.p[n - 1] == ' ')
		n--;
	buf_add(b, prefix.p, n);
}

void
text_flow_attach(struct text_flow *f, const struct text_flow *inner,
    struct str first, struct str rest)
{
	struct str line;
	struct buf text = {0};
	size_t at = 0;
	bool blank = false, begun = false;

	while (text_fill_next_line(buf_str(&inner->out), &at, &line)) {
		buf_reset(&text);
		put_prefix(&text, begun ? rest : first, line.n == 0);
		buf_addstr(&text, line);
		blank = blank || text.len == 0;
		if (text.len > 0) {
			if (blank)
				want_gap(f, GAP_BLANK);
			text_flow_line(f, buf_str(&text));
			blank = false;
		}
		begun = true;
	}
	buf_free(&text);
	f->image = f->image || inner->image;
	if (f->link != NULL) {
		buf_addstr(&f->link->text, buf_str(&inner->out));
		f->link->image = f->link->image || inner->image;
	}
}

void
text_flow_attach_open(
    struct text_flow *f, const struct text_flow *inner, struct str prefix)
{
	if (inner->lines == 0)
		return;
	want_gap(f, inner->lead);
	text_flow_attach(f, inner, prefix, prefix);
	want_gap(f, inner->gap);
}

static void
put_indented(
    struct text_flow *f, struct html_node *n, enum gap gap, const char *with)
{
	struct text_flow inner =
	    text_flow_inner(f, f->width - (int)strlen(with));

	text_flow_break(f, gap);
	text_flow_content(&inner, n);
	if (gap == GAP_BLANK)
		text_flow_attach(f, &inner, str_of(with), str_of(with));
	else
		text_flow_attach_open(f, &inner, str_of(with));
	text_flow_break(f, gap);
	text_flow_end(&inner);
}

static void
put_rule(struct text_flow *f, char c, size_t columns)
{
	struct buf line = {0};

	memset(buf_reserve(&line, columns), c, columns);
	line.len = columns;
	text_flow_line(f, buf_str(&line));
	buf_free(&line);
}

static void
put_heading(struct text_flow *f, struct html_node *n)
{
	struct text_flow inner = text_flow_inner(f, f->width);
	struct str line, none = {"", 0};
	size_t at = 0, columns = 0;

	text_flow_break(f, GAP_BLANK);
	text_flow_content(&inner, n);
	while (text_fill_next_line(buf_str(&inner.out), &at, &line)) {
		size_t c = text_fill_columns(&f->job->html.fields, line);

		columns = c > columns ? c : columns;
	}
	text_flow_attach(f, &inner, none, none);
	if (columns > 0)
		put_rule(f, n->tag == TAG_H1 ? '=' : '-', columns);
	text_flow_break(f, GAP_BLANK);
	text_flow_end(&inner);
}

static void
put_hr(struct text_flow *f)
{
	int columns =
	    f->width == 0 || f->width > TEXT_RULE ? TEXT_RULE : f->width;

	text_flow_break(f, GAP_BLANK);
	put_rule(f, '-', (size_t)columns);
	text_flow_break(f, GAP_BLANK);
}

/* The text of a small subtree, to see what kind of thing it is. */
static struct str
short_text(const struct html_node *top, char *out, size_t size)
{
	size_t n = 0;
	struct html_node *at = top->first;

	for (; at != NULL && n < size; at = html_next(at, top)) {
		size_t len = at->text.n < size - n ? at->text.n : size - n;

		if (len > 0)
			memcpy(out + n, at->text.p, len);
		n += len;
	}
	return (struct str){out, n};
}

static bool
is_integer(struct str s)
{
	size_t i = 0;

	if (s.n > 0 && (s.p[0] == '+' || s.p[0] == '-'))
		i = 1;
	else if (str_starts(s, "\xe2\x88\x92")) /* U+2212 */
		i = 3;
	if (i == s.n)
		return false;
	for (; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

/* General punctuation and signs aside, what is not ASCII is a letter. */
static bool
is_word_end(uint32_t c)
{
	if (c < 0x80)
		return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		       (c >= 'A' && c <= 'Z') || c == ')';
	return c > 0xbf && !(c >= 0x2000 && c <= 0x2bff) &&
	       !(c >= 0x3000 && c <= 0x3004) && !(c >= 0x3008 && c <= 0x3020);
}

static void
begin_sup(struct text_flow *f, const struct html_node *n)
{
	char text[24];

	if (!f->para.space && is_word_end(f->para.last) &&
	    is_integer(short_text(n, text, sizeof(text))))
		text_para_word(f, STR("^"));
}

/* The first LF in pre is not part of it. */
static void
put_text(struct text_flow *f, const struct html_node *n)
{
	struct str s = n->text;

	if (n->parent->tag == TAG_PRE && n->parent->first == n && s.n > 0 &&
	    s.p[0] == '\n') {
		s.p++;
		s.n--;
	}
	text_para_text(f, s, n->style);
}

/* Blocks with a flow of their own; false: go into the node. */
static bool
put_block(struct text_flow *f, struct html_node *n)
{
	if (f->nesting >= TEXT_NESTING)
		return false;
	switch ((enum text_tag)n->tag) {
	case TAG_H1:
	case TAG_H2:
		put_heading(f, n);
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

static enum gap
gap_of(enum text_tag tag)
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

bool
text_flow_shows(const struct text_flow *f, const struct html_node *n)
{
	if (n->tag == TAG_SKIP)
		return false;
	if ((n->style & STYLE_HIDDEN) == 0)
		return true;
	return f->job->params->preheader && !f->job->shown;
}

/* True: go on with what is in the node. */
static bool
enter(struct text_flow *f, struct html_node *n)
{
	if (!text_flow_shows(f, n))
		return false;
	switch ((enum text_tag)n->tag) {
	case TAG_TEXT:
		put_text(f, n);
		return false;
	case TAG_BR:
		text_para_line_end(f);
		return true;
	case TAG_HR:
		put_hr(f);
		return true;
	case TAG_IMG:
		text_link_image(f, n);
		return true;
	case TAG_AREA:
		text_link_area(f, n);
		return true;
	case TAG_A:
		text_link_begin(f, n);
		return true;
	case TAG_Q:
		text_para_word(f, STR("\xe2\x80\x9c"));
		return true;
	case TAG_SUP:
		begin_sup(f, n);
		return true;
	default:
		break;
	}
	if (put_block(f, n))
		return false;
	if (gap_of(n->tag) != GAP_NONE)
		text_flow_break(f, gap_of(n->tag));
	return true;
}

static void
leave(struct text_flow *f, const struct html_node *n)
{
	enum gap gap = gap_of(n->tag);

	if (n->tag == TAG_A)
		text_link_end(f);
	else if (n->tag == TAG_Q)
		text_para_word(f, STR("\xe2\x80\x9d"));
	if (gap == GAP_NONE)
		return;
	if (n->tag == TAG_DIV && f->para.last == 0 && f->para.nbsp > 0)
		gap = GAP_BLANK;
	text_flow_break(f, gap);
}

void
text_flow_range(struct text_flow *f, struct html_node *n,
    const struct html_node *end, const struct html_node *parent)
{
	const struct text_link *outer = f->link;

	while (n != end && n != NULL) {
		struct html_node *stray = NULL;

		if (n->tag == TAG_LI && f->nesting < TEXT_NESTING)
			stray = text_list_stray(f, n);
		if (stray == NULL && enter(f, n) && n->first != NULL) {
			n = n->first;
			continue;
		}
		if (stray != NULL)
			n = stray;
		else if (n->tag != TAG_TEXT && text_flow_shows(f, n) &&
			 n->first == NULL)
			leave(f, n);
		while (n->next == NULL && n->parent != parent) {
			n = n->parent;
			leave(f, n);
		}
		n = n->next;
	}
	while (f->link != outer)
		text_link_end(f);
	text_para_flush(f);
}

void
text_flow_content(struct text_flow *f, const struct html_node *n)
{
	text_flow_range(f, n->first, NULL, n);
}
