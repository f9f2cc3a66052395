#include "mail/text/text_keep.h"

#include "mail/text/text_link.h"
#include "mail/text/text_style.h"

/* The layout of a block in one kind of place. */
struct kept_block {
	struct kept_block *next;
	int width, nesting;
	struct text_lines lines;
	bool image;
};

void
text_keep_mark(struct html_node *n, unsigned style)
{
	for (; n != NULL && (n->style & style) == 0; n = n->parent)
		n->style |= style;
}

static bool
may_differ(const struct text_flow *f, const struct html_node *n)
{
	const struct text_params *p = f->job->params;

	if ((n->style & STYLE_CHANGES) != 0 || f->link != NULL)
		return true;
	if (n->tag == TAG_TABLE && text_link_of_table(n) != NULL)
		return true;
	return (p->links == TEXT_LINKS_FOOT && (n->style & STYLE_LINKS) != 0) ||
	       (p->preheader && !f->job->shown);
}

static const struct kept_block *
find_kept(const struct text_flow *f, const struct html_node *n)
{
	const struct kept_block *k = n->kept;

	while (k != NULL &&
	       (k->width != f->para.width || k->nesting != f->nesting))
		k = k->next;
	return k;
}

static const struct kept_block *
lay_out_block(struct text_flow *f, struct html_node *n)
{
	struct arena *a = f->job->kept;
	struct kept_block *k = arena_alloc(a, sizeof(*k));
	struct text_flow inner = text_flow_inner(f, f->para.width);
	struct str text;

	inner.nesting = f->nesting;
	f->job->kept = NULL; /* the blocks within are kept as a part of this */
	text_flow_range(&inner, n, n->next, n->parent);
	f->job->kept = a;
	text = arena_str(a, buf_str(&inner.para.lines.text));
	*k = (struct kept_block){.next = n->kept,
	    .width = f->para.width,
	    .nesting = f->nesting,
	    .lines = inner.para.lines,
	    .image = inner.image};
	k->lines.text = (struct buf){(char *)text.p, text.n, 0};
	n->kept = k;
	text_flow_free(&inner);
	return k;
}

bool
text_keep_put(struct text_flow *f, struct html_node *n)
{
	const struct kept_block *k;

	if (f->job->kept == NULL || may_differ(f, n))
		return false;
	k = find_kept(f, n);
	if (k == NULL)
		k = lay_out_block(f, n);
	text_para_end(&f->para);
	text_lines_append(&f->para.lines, &k->lines);
	f->image = f->image || k->image;
	return true;
}
