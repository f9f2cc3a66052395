/* Links and images in the text (A and M of the rules). */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "mail/text/text_flow.h"
#include "mail/text/text_link.h"

void
text_link_begin(struct text_flow *f, const struct html_node *n)
{
	struct text_link *l = arena_alloc(f->job->arena, sizeof(*l));

	l->node = n;
	l->breaks = f->breaks;
	l->outer = f->link;
	l->target = text_target(f->job, html_attr(n, "href"));
	f->link = l;
}

/* The number of a target in the list at the end. */
static size_t
link_number(struct text_job *job, struct str target)
{
	for (size_t i = 0; i < job->link_count; i++)
		if (str_eq(job->links[i], target))
			return i + 1;
	if (job->link_count == job->link_cap) {
		size_t cap = job->link_cap > 0 ? 2 * job->link_cap : 16;
		struct str *links =
		    arena_alloc(job->arena, cap * sizeof(*links));

		if (job->link_count > 0)
			memcpy(links, job->links,
			    job->link_count * sizeof(*links));
		job->links = links;
		job->link_cap = cap;
	}
	job->links[job->link_count++] = target;
	return job->link_count;
}

/* A mail address is shown without its scheme. */
static struct str
without_mailto(struct str target)
{
	if (target.n > 7 &&
	    str_is_nocase((struct str){target.p, 7}, "mailto:") &&
	    memchr(target.p, '?', target.n) == NULL)
		return (struct str){target.p + 7, target.n - 7};
	return target;
}

static void
put_target(struct text_flow *f, struct str target)
{
	struct buf shown = {0};

	target = without_mailto(target);
	if (f->job->params->links == TEXT_LINKS_FOOT)
		buf_printf(&shown, "[%zu]", link_number(f->job, target));
	else
		buf_printf(&shown, "<%.*s>", (int)target.n, target.p);
	text_para_target(f, buf_str(&shown));
	buf_free(&shown);
}

/* The text of an element that a person cannot see. */
static struct str
label_of(const struct html_node *n)
{
	struct str s = html_attr(n, "title");

	return s.n > 0 ? s : html_attr(n, "aria-label");
}

static void
show_target(struct text_flow *f, const struct text_link *l)
{
	struct text_para *p = &f->para;
	enum gap gap;
	bool space;

	if (l->breaks != f->breaks) {
		text_para_flush(f);
		gap = f->gap;
		f->gap = f->lines > 0 ? GAP_LINE : gap;
		put_target(f, l->target);
		text_para_flush(f);
		f->gap = gap > GAP_LINE ? gap : GAP_LINE;
		return;
	}
	space = p->space;
	p->space = p->space || p->last != 0;
	put_target(f, l->target);
	p->space = p->other = space;
}

/* The white space before a target that stands alone is the page's own. */
static void
show_alone(struct text_flow *f, const struct text_link *l)
{
	struct str label = label_of(l->node);

	if (label.n > 0) {
		text_para_word(f, label);
		show_target(f, l);
	} else if (l->image) {
		put_target(f, l->target);
	}
}

void
text_link_end(struct text_flow *f)
{
	struct text_link *l = f->link;
	bool hidden = f->job->params->links == TEXT_LINKS_NONE;

	f->link = l->outer;
	if (l->outer != NULL) {
		buf_addstr(&l->outer->text, buf_str(&l->text));
		l->outer->image = l->outer->image || l->image;
	}
	if (l->target.p == NULL || hidden)
		; /* the text is all there is to show */
	else if (l->text.len == 0)
		show_alone(f, l);
	else if (!text_target_repeats(l->target, buf_str(&l->text)))
		show_target(f, l);
	buf_free(&l->text);
}

const struct html_node *
text_link_of_table(const struct html_node *table)
{
	const struct html_node *n = table->prev;
	struct str s;

	if (n != NULL && n->tag == TAG_TEXT) {
		s = n->text;
		while (s.n > 0 && strchr(" \t\n", s.p[s.n - 1]) != NULL)
			s.n--;
		if (s.n > 0)
			return NULL;
		n = n->prev;
	}
	if (n == NULL || n->tag != TAG_A || n->first != NULL ||
	    html_attr(n, "href").p == NULL)
		return NULL;
	return n;
}

void
text_link_area(struct text_flow *f, const struct html_node *n)
{
	struct str alt = html_attr(n, "alt");

	text_flow_break(f, GAP_LINE);
	text_link_begin(f, n);
	if (f->link->target.p != NULL)
		text_para_word(f, alt.n > 0 ? alt : label_of(n));
	text_link_end(f);
	text_flow_break(f, GAP_LINE);
}

static bool
is_blank(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != ' ' && s.p[i] != '\t' && s.p[i] != '\n')
			return false;
	return true;
}

static struct str
image_text(const struct html_node *n, bool linked)
{
	struct str alt = html_attr(n, "alt");

	if (alt.p == NULL || (linked && is_blank(alt)))
		alt = linked ? label_of(n) : html_attr(n, "title");
	return alt;
}

void
text_link_image(struct text_flow *f, const struct html_node *n)
{
	bool linked = f->link != NULL ? f->link->node->tag == TAG_A &&
					    html_attr(f->link->node, "href").p
				      : f->in_link;
	struct str alt;

	if (text_style_pixel(n))
		return;
	f->image = true;
	if (f->link != NULL)
		f->link->image = true;
	alt = image_text(n, linked);
	if (is_blank(alt))
		return;
	if (linked) {
		if (f->link != NULL)
			f->link->alt = f->link->text.len > 0;
		text_para_word(f, alt);
		if (f->link != NULL)
			f->link->alt = true;
		return;
	}
	text_para_word(f, STR("["));
	f->para.space = false;
	text_para_word(f, alt);
	f->para.space = false;
	text_para_word(f, STR("]"));
}
