#include "mail/text/text_style.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "mail/text/text_css.h"

/* Sorted, for bsearch(). */
static const struct element {
	const char *name;
	enum text_tag tag;
} elements[] = {
    {"a", TAG_A},
    {"address", TAG_BLANK},
    {"annotation", TAG_SKIP},
    {"annotation-xml", TAG_SKIP},
    {"area", TAG_AREA},
    {"article", TAG_LINE},
    {"aside", TAG_LINE},
    {"blockquote", TAG_QUOTE},
    {"body", TAG_LINE},
    {"br", TAG_BR},
    {"canvas", TAG_SKIP},
    {"caption", TAG_CAPTION},
    {"center", TAG_LINE},
    {"datalist", TAG_SKIP},
    {"dd", TAG_DD},
    {"details", TAG_LINE},
    {"dialog", TAG_LINE},
    {"dir", TAG_UL},
    {"div", TAG_DIV},
    {"dl", TAG_BLANK},
    {"dt", TAG_LINE},
    {"embed", TAG_SKIP},
    {"fieldset", TAG_BLANK},
    {"figcaption", TAG_LINE},
    {"figure", TAG_BLANK},
    {"footer", TAG_LINE},
    {"form", TAG_LINE},
    {"h1", TAG_H1},
    {"h2", TAG_H2},
    {"h3", TAG_BLANK},
    {"h4", TAG_BLANK},
    {"h5", TAG_BLANK},
    {"h6", TAG_BLANK},
    {"head", TAG_SKIP},
    {"header", TAG_LINE},
    {"hgroup", TAG_LINE},
    {"hr", TAG_HR},
    {"html", TAG_LINE},
    {"iframe", TAG_SKIP},
    {"img", TAG_IMG},
    {"input", TAG_SKIP},
    {"legend", TAG_LINE},
    {"li", TAG_LI},
    {"main", TAG_LINE},
    {"menu", TAG_UL},
    {"meter", TAG_SKIP},
    {"nav", TAG_LINE},
    {"ol", TAG_OL},
    {"optgroup", TAG_SKIP},
    {"option", TAG_SKIP},
    {"p", TAG_P},
    {"pre", TAG_PRE},
    {"progress", TAG_SKIP},
    {"q", TAG_Q},
    {"rp", TAG_SKIP},
    {"rt", TAG_RT},
    {"script", TAG_SKIP},
    {"search", TAG_LINE},
    {"section", TAG_LINE},
    {"select", TAG_SKIP},
    {"style", TAG_SKIP},
    {"sub", TAG_SUB},
    {"summary", TAG_LINE},
    {"sup", TAG_SUP},
    {"svg", TAG_SKIP},
    {"table", TAG_TABLE},
    {"tbody", TAG_ROWS},
    {"td", TAG_TD},
    {"template", TAG_SKIP},
    {"textarea", TAG_SKIP},
    {"tfoot", TAG_ROWS},
    {"th", TAG_TH},
    {"thead", TAG_ROWS},
    {"title", TAG_SKIP},
    {"tr", TAG_TR},
    {"ul", TAG_UL},
};

static int
compare_element(const void *name, const void *element)
{
	return strcmp(name, ((const struct element *)element)->name);
}

/* MathML marks exponents, indices and fractions by the order of elements. */
static enum text_tag
classify_in_math(const struct html_node *n)
{
	static const struct {
		const char *name;
		enum text_tag tags[3];
	} parents[] = {{"msup", {TAG_INLINE, TAG_SUP, TAG_INLINE}},
	    {"msub", {TAG_INLINE, TAG_SUB, TAG_INLINE}},
	    {"msubsup", {TAG_INLINE, TAG_SUB, TAG_SUP}},
	    {"mfrac", {TAG_OVER, TAG_OVER, TAG_INLINE}}};
	size_t before = 0;

	if (n->parent->name == NULL)
		return TAG_INLINE;
	for (const struct html_node *p = n->prev; p != NULL && before < 3;
	     p = p->prev)
		before += p->name != NULL;
	for (size_t i = 0; i < sizeof(parents) / sizeof(parents[0]); i++)
		if (before < 3 && strcmp(n->parent->name, parents[i].name) == 0)
			return parents[i].tags[before];
	return TAG_INLINE;
}

static enum text_tag
classify_element(const struct html_node *n)
{
	const struct element *e;
	enum text_tag tag;

	if (n->name == NULL)
		return TAG_TEXT;
	tag = classify_in_math(n);
	if (tag != TAG_INLINE)
		return tag;
	e = bsearch(n->name, elements, sizeof(elements) / sizeof(elements[0]),
	    sizeof(elements[0]), compare_element);
	return e != NULL ? e->tag : TAG_INLINE;
}

static bool
is_hidden(const struct html_node *n, const struct text_css *css)
{
	return html_attr(n, "hidden").p != NULL || css->none > 0 ||
	       css->invisible > 0 || css->clear > 0 ||
	       (css->no_max_height > 0 &&
		   (css->clipped > 0 || css->font == TEXT_CSS_FONT_ZERO)) ||
	       (css->no_height > 0 && css->clipped > 0);
}

static const unsigned white_styles[] = {
    [TEXT_CSS_PRE] = STYLE_PRE,
    [TEXT_CSS_PRE_WRAP] = STYLE_PRE_WRAP,
    [TEXT_CSS_PRE_LINE] = STYLE_PRE_LINE,
};

/* Apply display to an element that is no part of a table or list. */
static void
apply_display(struct html_node *n, enum text_css_display display)
{
	bool block = n->tag == TAG_LINE || n->tag == TAG_DIV ||
		     n->tag == TAG_P || n->tag == TAG_BLANK;

	if (display == TEXT_CSS_BLOCK && n->tag == TAG_INLINE)
		n->tag = TAG_LINE;
	else if (display == TEXT_CSS_BLOCK &&
		 (n->tag == TAG_A || n->tag == TAG_Q))
		n->style |= STYLE_BLOCK;
	else if (block &&
		 (display == TEXT_CSS_BOX || display == TEXT_CSS_INLINE))
		n->tag = TAG_INLINE;
	if (display == TEXT_CSS_BOX ||
	    (display == TEXT_CSS_BLOCK && n->tag == TAG_IMG))
		n->style |= STYLE_BOX;
}

static bool
is_struck_element(const struct html_node *n)
{
	return strcmp(n->name, "s") == 0 || strcmp(n->name, "del") == 0 ||
	       strcmp(n->name, "strike") == 0;
}

/* The styles that an element hands on to its content. */
static unsigned
compute_marks(const struct html_node *n, const struct text_css *css)
{
	unsigned style = n->parent->style & STYLE_STRUCK;
	bool list = n->tag == TAG_UL || n->tag == TAG_OL;

	if (css->struck > 0 || (css->struck == 0 && is_struck_element(n)))
		style |= STYLE_STRUCK;
	if (css->no_marker > 0 || (css->no_marker == 0 && !list &&
				      (n->parent->style & STYLE_UNMARKED) != 0))
		style |= STYLE_UNMARKED;
	return style;
}

static unsigned
compute_style(const struct html_node *n, const struct text_css *css)
{
	unsigned style = n->parent->style & (STYLE_TINY | STYLE_WHITE);
	struct str align = html_attr(n, "align");

	if (is_hidden(n, css))
		style |= STYLE_HIDDEN;
	if (css->font == TEXT_CSS_FONT_ZERO)
		style |= STYLE_TINY;
	else if (css->font == TEXT_CSS_FONT_REAL)
		style &= ~(unsigned)STYLE_TINY;
	if (n->tag == TAG_PRE)
		style = (style & ~(unsigned)STYLE_WHITE) | STYLE_PRE;
	if (css->white_set)
		style =
		    (style & ~(unsigned)STYLE_WHITE) | white_styles[css->white];
	if (css->right > 0 || (css->right == 0 && align.p != NULL &&
				  str_is_nocase(align, "right")))
		style |= STYLE_RIGHT;
	return style;
}

static struct text_css_rules *
collect_rules(struct html *html, struct arena *a)
{
	struct text_css_rules *rules = NULL;

	for (struct html_node *n = html->root; n != NULL;
	     n = html_next(n, html->root))
		if (n->name != NULL && strcmp(n->name, "style") == 0 &&
		    n->first != NULL)
			text_css_sheet(&rules, n->first->text, a);
	text_css_sort(rules);
	return rules;
}

/*
 * Move a table's first foot to its end; the node that was behind it, or NULL.
 * The table's tag, which is not set yet, is how others are told from it.
 */
static struct html_node *
move_foot(struct html_node *foot)
{
	struct html_node *table = foot->parent, *next = foot->next;

	if (next == NULL || table->name == NULL || table->tag != 0 ||
	    strcmp(table->name, "table") != 0)
		return NULL;
	table->tag = TAG_TABLE;
	next->prev = foot->prev;
	if (foot->prev != NULL)
		foot->prev->next = next;
	else
		table->first = next;
	foot->prev = table->last;
	foot->next = NULL;
	table->last->next = foot;
	table->last = foot;
	return next;
}

/* A table's foot comes last, wherever it is written. */
static void
move_feet(struct html_node *root)
{
	struct html_node *n = root, *behind;

	while (n != NULL) {
		behind = NULL;
		if (n->name != NULL && strcmp(n->name, "tfoot") == 0)
			behind = move_foot(n);
		n = behind != NULL ? behind : html_next(n, root);
	}
}

void
text_style(struct html *html, struct arena *a)
{
	struct text_css_rules *rules = collect_rules(html, a);

	move_feet(html->root);
	html->root->tag = TAG_INLINE;
	for (struct html_node *n = html_next(html->root, html->root); n != NULL;
	     n = html_next(n, html->root)) {
		struct text_css css = {0};

		n->tag = classify_element(n);
		if (n->tag == TAG_TEXT) {
			n->style = n->parent->style &
				   ~(unsigned)(STYLE_BLOCK | STYLE_BOX);
			continue;
		}
		text_css_match(&css, rules, n);
		if (strcmp(n->name, "font") == 0 &&
		    html_attr(n, "size").p != NULL)
			css.font = TEXT_CSS_FONT_REAL;
		text_css_declarations(&css, html_attr(n, "style"));
		n->style = compute_style(n, &css) | compute_marks(n, &css);
		if (css.display == TEXT_CSS_DISPLAY_UNSET &&
		    strcmp(n->name, "button") == 0)
			css.display = TEXT_CSS_BOX;
		apply_display(n, css.display);
	}
}

/* An attribute's number of pixels; -1 if it is no such number. */
static int
parse_pixels(struct str s)
{
	char text[8] = "";

	if (s.n == 0 || !ascii_is_digit(s.p[0]) ||
	    memchr(s.p, '%', s.n) != NULL)
		return -1;
	memcpy(text, s.p, s.n < sizeof(text) - 1 ? s.n : sizeof(text) - 1);
	return atoi(text);
}

bool
text_style_is_blank(const struct html_node *n)
{
	return n->tag == TAG_TEXT && str_strip(n->text, " \t\n").n == 0;
}

bool
text_style_is_pixel(const struct html_node *n)
{
	int w = parse_pixels(html_attr(n, "width"));
	int h = parse_pixels(html_attr(n, "height"));
	struct text_css css = {0};

	text_css_declarations(&css, html_attr(n, "style"));
	return w == 0 || h == 0 || (w == 1 && h == 1) || css.zero ||
	       css.tiny + (w == 1) + (h == 1) >= 2;
}
