#include "mail/html/markdown.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <string.h>

#include "mail/html/html.h"
#include "mail/html/markdown_finish.h"
#include "mail/html/markdown_words.h"

#define OPTIONS (CMARK_OPT_UNSAFE | CMARK_OPT_TABLE_PREFER_STYLE_ATTRIBUTES)

/* A table wider than the card is scrolled in a box, with keys as well. */
#define BOX_OPEN "<div style=\"overflow-x: auto\" tabindex=\"0\">"
#define BOX_CLOSE "</div>"

/* Not "tagfilter": the author's own HTML is as good as in a body of HTML. */
static void
attach_extensions(cmark_parser *parser)
{
	static const char *const names[] = {
	    "table", "strikethrough", "autolink", "tasklist"};

	cmark_gfm_core_extensions_ensure_registered();
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		cmark_parser_attach_syntax_extension(
		    parser, cmark_find_syntax_extension(names[i]));
}

static cmark_node *
make_html_block(const char *html, cmark_mem *mem)
{
	cmark_node *n = cmark_node_new_with_mem(CMARK_NODE_HTML_BLOCK, mem);

	cmark_node_set_literal(n, html);
	return n;
}

/* Blocks that may hold a table. */
static bool
holds_blocks(cmark_node *n)
{
	static const char *const names[] = {"block_quote", "document",
	    "footnote_definition", "item", "list", "tasklist"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(cmark_node_get_type_string(n), names[i]) == 0)
			return true;
	return false;
}

/* The block behind n in the order of the document, or NULL. */
static cmark_node *
next_block(cmark_node *n)
{
	cmark_node *next = holds_blocks(n) ? cmark_node_first_child(n) : NULL;

	while (next == NULL && n != NULL) {
		next = cmark_node_next(n);
		n = cmark_node_parent(n);
	}
	return next;
}

static void
put_tables_in_boxes(cmark_node *document, cmark_mem *mem)
{
	cmark_node *n = document, *next;

	for (; n != NULL; n = next) {
		next = next_block(n);
		if (strcmp(cmark_node_get_type_string(n), "table") != 0)
			continue;
		cmark_node_insert_before(n, make_html_block(BOX_OPEN, mem));
		cmark_node_insert_after(n, make_html_block(BOX_CLOSE, mem));
	}
}

static bool
contains_text(struct str text, const char *what)
{
	return text.n > 0 && memmem(text.p, text.n, what, strlen(what)) != NULL;
}

/*
 * Append the HTML of the Markdown. One arena holds all nodes, but not the
 * HTML: an arena keeps each of the sizes that a buffer grows through.
 */
static void
convert_text(struct buf *out, struct str text, int options,
    const struct markdown_words *words)
{
	cmark_mem *mem = cmark_get_arena_mem_allocator();
	cmark_mem *heap = cmark_get_default_mem_allocator();
	cmark_parser *parser = cmark_parser_new_with_mem(options, mem);
	cmark_node *document;
	char *html;

	/* Each walk over all nodes costs a tenth of the whole. */
	attach_extensions(parser);
	cmark_parser_feed(parser, text.p, text.n);
	document = cmark_parser_finish(parser);
	if (contains_text(text, "|"))
		put_tables_in_boxes(document, mem);
	html = cmark_render_html_with_mem(document, options,
	    cmark_parser_get_syntax_extensions(parser), heap);
	cmark_arena_reset();
	markdown_finish(out, str_of(html), words);
	heap->free(html);
}

int
markdown_to_html(
    struct buf *out, struct str source, bool hard_breaks, struct fail *f)
{
	int options = OPTIONS | (hard_breaks ? CMARK_OPT_HARDBREAKS : 0);
	struct markdown_words words;
	struct buf text = {0};

	if (source.n > HTML_MAX)
		return fail_data(
		    f, "the Markdown is larger than %d bytes", HTML_MAX);
	markdown_words_hide(&words, &text, source);
	if (contains_text(buf_str(&text), "[^"))
		options |= CMARK_OPT_FOOTNOTES;
	convert_text(out, buf_str(&text), options, &words);
	buf_free(&text);
	markdown_words_free(&words);
	return 0;
}

void
markdown_library(struct buf *b)
{
	buf_printf(b, "cmark-gfm %s\n", cmark_version_string());
}
