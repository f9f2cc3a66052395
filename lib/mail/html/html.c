#include "mail/html/html.h"

#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <string.h>

#include "mail/html/html_clean.h"
#include "mail/html/html_repair.h"

#define OPTIONS                                                           \
	(HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | \
	    HTML_PARSE_NONET | HTML_PARSE_COMPACT | XML_PARSE_HUGE)

static struct str
copy_string(const xmlChar *s, struct arena *a)
{
	size_t n = strlen((const char *)s);

	return (struct str){arena_dup(a, (const char *)s, n), n};
}

static struct html_node *
append_node(struct html_node *parent, struct arena *a)
{
	struct html_node *n = arena_alloc(a, sizeof(*n));

	n->parent = parent;
	n->prev = parent->last;
	if (parent->last != NULL)
		parent->last->next = n;
	else
		parent->first = n;
	parent->last = n;
	return n;
}

static void
copy_attrs(struct html_node *n, const xmlNode *x, struct arena *a)
{
	struct html_attr **end = &n->attrs;

	for (const xmlAttr *at = x->properties; at != NULL; at = at->next) {
		struct html_attr *copied = arena_alloc(a, sizeof(*copied));

		copied->name = copy_string(at->name, a).p;
		copied->value = STR("");
		if (at->children != NULL && at->children->content != NULL)
			copied->value = copy_string(at->children->content, a);
		*end = copied;
		end = &copied->next;
	}
}

/* A copy of the node; NULL for a comment and the like. */
static struct html_node *
copy_node(struct html_node *parent, const xmlNode *x, struct arena *a)
{
	struct html_node *n;

	switch (x->type) {
	case XML_ELEMENT_NODE:
		n = append_node(parent, a);
		n->name = copy_string(x->name, a).p;
		copy_attrs(n, x, a);
		return n;
	case XML_TEXT_NODE:
	case XML_CDATA_SECTION_NODE:
		n = append_node(parent, a);
		if (x->content != NULL)
			n->text = copy_string(x->content, a);
		return n;
	default:
		return NULL;
	}
}

/* Without recursion, since the depth is up to the sender. */
static void
copy_tree(struct html_node *root, const xmlNode *x, struct arena *a)
{
	struct html_node *parent = root;
	const xmlNode *top = x != NULL ? x->parent : NULL;

	while (x != NULL) {
		struct html_node *n = copy_node(parent, x, a);

		if (n != NULL && n->name != NULL && x->children != NULL) {
			parent = n;
			x = x->children;
			continue;
		}
		while (x->next == NULL && x->parent != top) {
			x = x->parent;
			parent = parent->parent;
		}
		x = x->next;
	}
}

static struct str
find_base(const struct html *html)
{
	for (struct html_node *n = html->root; n != NULL;
	     n = html_next(n, html->root)) {
		struct str href;

		if (n->name == NULL || strcmp(n->name, "base") != 0)
			continue;
		href = html_attr(n, "href");
		if (href.n > 0)
			return href;
	}
	return (struct str){0};
}

int
html_parse(
    struct html *html, struct str source, struct arena *a, struct fail *f)
{
	struct buf clean = {0}, repaired = {0};
	htmlDocPtr doc;

	*html = (struct html){.root = arena_alloc(a, sizeof(*html->root))};
	if (source.n > HTML_MAX)
		return fail_data(
		    f, "the HTML is larger than %d bytes", HTML_MAX);
	html_clean(&clean, source, &html->fields, a);
	html_repair(&repaired, buf_str(&clean), &html->fields, a);
	buf_free(&clean);
	doc = htmlReadMemory(
	    repaired.p, (int)repaired.len, NULL, "UTF-8", OPTIONS);
	buf_free(&repaired);
	if (doc == NULL)
		return 0;
	copy_tree(html->root, doc->children, a);
	xmlFreeDoc(doc);
	html->base = find_base(html);
	return 0;
}

struct str
html_attr(const struct html_node *n, const char *name)
{
	for (const struct html_attr *a = n->attrs; a != NULL; a = a->next)
		if (strcmp(a->name, name) == 0)
			return a->value;
	return (struct str){0};
}

struct html_node *
html_next(struct html_node *n, const struct html_node *top)
{
	if (n->first != NULL)
		return n->first;
	while (n != top && n->next == NULL)
		n = n->parent;
	return n == top ? NULL : n->next;
}

void
html_library(struct buf *b)
{
	int n = atoi(xmlParserVersion); /* 20914 is 2.9.14 */

	buf_printf(b, "libxml2 %d.%d.%d\n", n / 10000, n / 100 % 100, n % 100);
}
