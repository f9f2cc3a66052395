#include "mail/html/markdown.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <stdlib.h>
#include <string.h>

#include "mail/html/html.h"
#include "mail/html/markdown_finish.h"
#include "mail/html/markdown_words.h"

#define OPTIONS                                   \
	(CMARK_OPT_UNSAFE | CMARK_OPT_FOOTNOTES | \
	    CMARK_OPT_TABLE_PREFER_STYLE_ATTRIBUTES)

/* A table wider than the card is scrolled in a box of its own. */
#define BOX_OPEN "<div style=\"overflow-x: auto\">"
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
make_html_block(const char *html)
{
	cmark_node *n = cmark_node_new(CMARK_NODE_HTML_BLOCK);

	cmark_node_set_literal(n, html);
	return n;
}

static void
put_tables_in_boxes(cmark_node *document)
{
	cmark_iter *iter = cmark_iter_new(document);
	cmark_event_type event;

	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *n = cmark_iter_get_node(iter);

		if (event != CMARK_EVENT_EXIT ||
		    strcmp(cmark_node_get_type_string(n), "table") != 0)
			continue;
		cmark_node_insert_before(n, make_html_block(BOX_OPEN));
		cmark_node_insert_after(n, make_html_block(BOX_CLOSE));
	}
	cmark_iter_free(iter);
}

/* The HTML of the Markdown, to be freed by free(). */
static char *
convert_text(struct str text, int options)
{
	cmark_parser *parser = cmark_parser_new(options);
	cmark_node *document;
	char *html;

	attach_extensions(parser);
	cmark_parser_feed(parser, text.p, text.n);
	document = cmark_parser_finish(parser);
	put_tables_in_boxes(document);
	html = cmark_render_html(
	    document, options, cmark_parser_get_syntax_extensions(parser));
	cmark_node_free(document);
	cmark_parser_free(parser);
	return html;
}

int
markdown_to_html(
    struct buf *out, struct str source, bool hard_breaks, struct fail *f)
{
	struct markdown_words words;
	struct buf text = {0};
	char *html;

	if (source.n > HTML_MAX)
		return fail_data(
		    f, "the Markdown is larger than %d bytes", HTML_MAX);
	markdown_words_hide(&words, &text, source);
	html = convert_text(
	    buf_str(&text), OPTIONS | (hard_breaks ? CMARK_OPT_HARDBREAKS : 0));
	markdown_finish(out, str_of(html), &words);
	free(html);
	buf_free(&text);
	markdown_words_free(&words);
	return 0;
}

void
markdown_library(struct buf *b)
{
	buf_printf(b, "cmark-gfm %s\n", cmark_version_string());
}
