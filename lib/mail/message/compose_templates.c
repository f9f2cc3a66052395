#include "mail/message/compose_templates.h"

#include <string.h>

#include "base/arena.h"
#include "mail/html/html.h"
#include "mail/html/html_shown.h"
#include "mail/message/keyword.h"
#include "mail/template/template_parse.h"

static struct str
expand_keywords(struct compose *c, struct str source)
{
	struct buf b = {0};
	struct str out;

	keyword_expand(&b, source);
	out = arena_str(c->arena, buf_str(&b));
	buf_free(&b);
	return out;
}

static struct template_source
find_body_partial(void *ctx, const char *name)
{
	struct compose *c = ctx;
	const struct template_rules *rules = &c->params.rules;

	if (strcmp(name, COMPOSE_BODY) == 0 &&
	    c->params.layout.html.p != NULL) {
		c->placed = true;
		return (struct template_source){.bytes = c->body.bytes,
		    .name = c->body.name,
		    .original = c->original};
	}
	if (rules->partial != NULL)
		return rules->partial(rules->partial_ctx, name);
	return (struct template_source){0};
}

static int
parse_with_rules(struct compose *c, struct template **out, struct str source,
    const char *name, enum template_context context, struct fail *f)
{
	struct template_params tp = {.name = name,
	    .context = context,
	    .rules.missing = c->params.rules.missing,
	    .rules.partial = find_body_partial,
	    .rules.partial_ctx = c};

	if (name == c->body.name && context == TEMPLATE_HTML)
		tp.original = c->original;
	return template_parse(out, source, &tp, f);
}

/*
 * Compiled before the HTML that is made from it, so that a mistake in the
 * Markdown is reported as such.
 */
static int
parse_original(struct compose *c, struct fail *f)
{
	struct str markdown = c->params.body.markdown;

	if (markdown.p == NULL)
		return 0;
	return parse_with_rules(c, &c->original, expand_keywords(c, markdown),
	    c->body.name, TEMPLATE_TEXT, f);
}

/*
 * A script, style, tag or comment that the body leaves open swallows the
 * layout, where the mistake is found.
 */
static void
blame_body(const struct compose *c, struct fail *f)
{
	const struct source body = {.bytes = c->body.bytes,
	    .name = c->body.name,
	    .markdown = c->params.body.markdown};
	struct html_shown shown;
	struct buf why = {0};
	bool open = false;

	html_shown_init(&shown, body.bytes);
	while (html_shown_next(&shown))
		open = shown.token.open && shown.token.kind != HTML_TOKEN_TEXT;
	if ((open && shown.after.kind != HTML_COVER_NONE) ||
	    shown.after.kind == HTML_COVER_RAW) {
		html_cover_describe_open(&why, &shown.after);
		fail_system(f, "%s:%zu: %s", body.name,
		    source_line(&body, shown.after.at), buf_cstr(&why));
	}
	buf_free(&why);
}

static int
parse_html(struct compose *c, struct fail *f)
{
	const struct layout *l = &c->params.layout;

	if (l->html.p == NULL)
		return parse_with_rules(
		    c, &c->html, c->body.bytes, c->body.name, TEMPLATE_HTML, f);
	if (parse_with_rules(
		c, &c->html, l->html, l->html_name, TEMPLATE_HTML, f) < 0) {
		blame_body(c, f);
		return -1;
	}
	if (!c->placed)
		return fail_system(f, "%s has no {{> body}}", l->html_name);
	if (l->text.p == NULL)
		return 0;
	return parse_with_rules(
	    c, &c->alone, c->body.bytes, c->body.name, TEMPLATE_HTML, f);
}

/* No option is to be silently without effect. */
static int
check_plain_options(const struct compose_params *p, struct fail *f)
{
	const char *option = p->convert.preheader ? "preheader"
			     : p->convert.links != TEXT_LINKS_INLINE
				 ? "text-links"
				 : NULL;

	if (option == NULL)
		return 0;
	return fail_system(f,
	    "--%s: the text part of plain text is the file: %s", option,
	    p->body.name);
}

static int
parse_text_part(struct compose *c, struct fail *f)
{
	const struct compose_params *p = &c->params;
	struct text_part_params pp = {
	    .html = c->alone != NULL ? c->alone : c->html,
	    .text_name = p->text.name,
	    .frame = p->layout.text,
	    .frame_name = p->layout.text_name,
	    .rules = p->rules,
	    .convert = p->convert};

	if (p->text.bytes.p != NULL) {
		pp.text = expand_keywords(c, p->text.bytes);
	} else if (p->body.plain &&
		   (p->layout.html.p == NULL || pp.frame.p != NULL)) {
		if (check_plain_options(p, f) < 0)
			return -1;
		pp.text = expand_keywords(c, p->body.markdown);
		pp.text_name = p->body.name;
		pp.wrap = true;
	}
	if (text_part_new(&c->text_part, &pp, f) < 0)
		return -1;
	if (pp.text.p == NULL && c->body.bytes.n > HTML_MAX)
		return fail_system(f, "%s: the HTML is larger than %d bytes",
		    c->body.name, HTML_MAX);
	return 0;
}

int
compose_templates_parse_text(struct compose *c, struct template **out,
    struct str source, const char *name, struct fail *f)
{
	return parse_with_rules(c, out, source, name, TEMPLATE_TEXT, f);
}

int
compose_templates_parse(struct compose *c, struct fail *f)
{
	struct str subject = c->params.subject;

	c->body.name = c->params.body.name;
	c->body.bytes = expand_keywords(c, c->params.body.bytes);
	if (compose_templates_parse_text(
		c, &c->subject, subject, "subject", f) < 0 ||
	    parse_original(c, f) < 0 || parse_html(c, f) < 0)
		return -1;
	return parse_text_part(c, f);
}
