#include "mail/text/text_link.h"

#include <string.h>

#include "base/mem.h"
#include "mail/text/text_style.h"
#include "mail/text/text_target.h"

struct text_link {
	struct text_label label;
	struct str target; /* p == NULL: none is shown */
	const struct html_node *node;
	unsigned breaks; /* the flow's when the link began */
	struct text_link *outer;
};

static void
set_link(struct text_flow *f, struct text_link *l)
{
	f->link = l;
	f->para.label = l != NULL ? &l->label : NULL;
}

void
text_link_enter(struct text_flow *f, const struct html_node *n)
{
	struct text_link *l = arena_alloc(f->job->arena, sizeof(*l));

	l->node = n;
	l->breaks = f->breaks;
	l->outer = f->link;
	l->target = text_target(f->job, html_attr(n, "href"));
	set_link(f, l);
}

/* The number of a target in the list at the end. */
static size_t
number_target(struct text_job *job, struct str target)
{
	for (size_t i = 0; i < job->link_count; i++)
		if (str_eq(job->links[i], target))
			return i + 1;
	job->links = mem_more(
	    job->links, job->link_count, &job->link_cap, sizeof(*job->links));
	job->links[job->link_count++] = target;
	return job->link_count;
}

/* A mail address is shown without its scheme. */
static struct str
strip_mailto(struct str target)
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

	target = strip_mailto(target);
	if (f->job->params->links == TEXT_LINKS_FOOT)
		buf_printf(&shown, "[%zu]", number_target(f->job, target));
	else
		buf_printf(&shown, "<%.*s>", (int)target.n, target.p);
	text_para_target(&f->para, buf_str(&shown));
	buf_free(&shown);
}

/* The label for an element without visible text. */
static struct str
choose_label(const struct html_node *n)
{
	struct str s = html_attr(n, "title");

	return s.n > 0 ? s : html_attr(n, "aria-label");
}

/* Show the target behind its text: on a line of its own if that has blocks. */
static void
show_target(struct text_flow *f, const struct text_link *l)
{
	struct text_para *p = &f->para;
	struct text_lines *lines = &p->lines;
	enum text_gap gap;
	bool space;

	if (l->breaks != f->breaks) {
		text_para_end(p);
		gap = lines->gap;
		lines->gap = lines->count > 0 ? GAP_LINE : gap;
		put_target(f, l->target);
		text_para_end(p);
		lines->gap = gap > GAP_LINE ? gap : GAP_LINE;
		return;
	}
	space = p->space;
	p->space = p->space || p->last != 0;
	put_target(f, l->target);
	p->space = p->other = space;
}

/* A link without text shows its label, or the target of its image. */
static void
show_alone(struct text_flow *f, const struct text_link *l)
{
	struct str label = choose_label(l->node);

	if (label.n > 0) {
		text_para_word(&f->para, label);
		show_target(f, l);
	} else if (l->label.image) {
		put_target(f, l->target);
	}
}

void
text_link_leave(struct text_flow *f)
{
	struct text_link *l = f->link;
	struct text_label *outer = l->outer != NULL ? &l->outer->label : NULL;
	bool hidden = f->job->params->links == TEXT_LINKS_NONE;

	set_link(f, l->outer);
	if (outer != NULL) {
		buf_addstr(&outer->text, buf_str(&l->label.text));
		outer->image = outer->image || l->label.image;
	}
	if (l->target.p == NULL || hidden)
		; /* only the text is shown */
	else if (l->label.text.len == 0)
		show_alone(f, l);
	else if (!text_target_repeats(l->target, buf_str(&l->label.text)))
		show_target(f, l);
	buf_free(&l->label.text);
}

const struct html_node *
text_link_of_table(const struct html_node *table)
{
	const struct html_node *n = table->prev;

	if (n != NULL && text_style_is_blank(n))
		n = n->prev;
	if (n == NULL || n->tag != TAG_A || n->first != NULL ||
	    html_attr(n, "href").p == NULL)
		return NULL;
	return n;
}

void
text_link_put_area(struct text_flow *f, const struct html_node *n)
{
	struct str alt = html_attr(n, "alt");

	text_flow_break(f, GAP_LINE);
	text_link_enter(f, n);
	if (f->link->target.p != NULL)
		text_para_word(&f->para, alt.n > 0 ? alt : choose_label(n));
	text_link_leave(f);
	text_flow_break(f, GAP_LINE);
}

static bool
is_white_space(struct str s)
{
	return str_strip(s, " \t\n").n == 0;
}

/* The text for an image; in a link even an empty alt is replaced. */
static struct str
choose_image_text(const struct html_node *n, bool linked)
{
	struct str alt = html_attr(n, "alt");

	if (alt.p == NULL || (linked && is_white_space(alt)))
		alt = linked ? choose_label(n) : html_attr(n, "title");
	return alt;
}

void
text_link_put_image(struct text_flow *f, const struct html_node *n)
{
	bool linked = f->link != NULL ? f->link->node->tag == TAG_A &&
					    html_attr(f->link->node, "href").p
				      : f->in_link;
	struct text_label *label = f->para.label;
	struct str alt;

	if (text_style_is_pixel(n))
		return;
	f->image = true;
	if (label != NULL)
		label->image = true;
	alt = str_strip(choose_image_text(n, linked), " \t\n");
	if (alt.n == 0)
		return;
	if (linked) {
		if (label != NULL)
			label->after_image = label->text.len > 0;
		text_para_word(&f->para, alt);
		if (label != NULL)
			label->after_image = true;
		return;
	}
	text_para_word(&f->para, STR("["));
	f->para.space = false;
	text_para_word(&f->para, alt);
	f->para.space = false;
	text_para_word(&f->para, STR("]"));
}
