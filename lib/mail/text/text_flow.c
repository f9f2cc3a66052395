#include "mail/text/text_flow.h"

#include "mail/text/text_style.h"

struct text_flow
text_flow_outer(struct text_job *job)
{
	return (struct text_flow){.job = job,
	    .para = {.lines = {.shown = &job->shown},
		.fields = &job->html.fields,
		.width = job->params->width}};
}

struct text_flow
text_flow_inner(const struct text_flow *f, int width)
{
	struct text_flow inner = text_flow_outer(f->job);

	inner.para.width = f->para.width == 0 ? 0 : width > 1 ? width : 1;
	inner.list_depth = f->list_depth;
	inner.nesting = f->nesting + 1;
	inner.in_link = f->in_link || f->link != NULL;
	return inner;
}

void
text_flow_free(struct text_flow *f)
{
	buf_free(&f->para.lines.text);
	buf_free(&f->para.text);
}

void
text_flow_break(struct text_flow *f, enum text_gap gap)
{
	text_para_end(&f->para);
	text_lines_separate(&f->para.lines, gap);
	f->breaks++;
}

void
text_flow_draw(struct text_flow *f, struct str line)
{
	text_lines_add(&f->para.lines, line);
	if (f->para.label != NULL)
		buf_addstr(&f->para.label->text, line);
}

/* On a blank line the prefix loses its spaces at the end. */
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
	struct str lines = buf_str(&inner->para.lines.text), line;
	struct buf text = {0};
	struct text_label *label = f->para.label;
	bool blank = false, begun = false;

	while (str_line(&lines, &line)) {
		buf_reset(&text);
		put_prefix(&text, begun ? rest : first, line.n == 0);
		buf_addstr(&text, line);
		blank = blank || text.len == 0;
		if (text.len > 0) {
			if (blank)
				text_lines_separate(&f->para.lines, GAP_BLANK);
			text_lines_add(&f->para.lines, buf_str(&text));
			blank = false;
		}
		begun = true;
	}
	buf_free(&text);
	f->image = f->image || inner->image;
	if (label != NULL) {
		buf_addstr(&label->text, buf_str(&inner->para.lines.text));
		label->image = label->image || inner->image;
	}
}

void
text_flow_attach_open(
    struct text_flow *f, const struct text_flow *inner, struct str prefix)
{
	if (inner->para.lines.count == 0)
		return;
	text_lines_separate(&f->para.lines, inner->para.lines.lead);
	text_flow_attach(f, inner, prefix, prefix);
	text_lines_separate(&f->para.lines, inner->para.lines.gap);
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

void
text_flow_range(struct text_flow *f, struct html_node *first,
    const struct html_node *end, const struct html_node *parent)
{
	f->job->walk(f, first, end, parent);
}

void
text_flow_content(struct text_flow *f, const struct html_node *n)
{
	f->job->walk(f, n->first, NULL, n);
}
