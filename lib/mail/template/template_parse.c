/* Standalone lines, sections and partials. */
#include "mail/template/template_parse.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mail/template/template_program.h"
#include "mail/template/template_tag.h"

struct open_section {
	size_t op;
	size_t where;
	struct str name;
	struct template_scan before;
};

struct parser {
	struct template *t;
	struct template_unit *u;
	const struct template_params *params;
	struct fail *fail;
	struct template_scan scan;
	struct template_tag_reader tags; /* compiled up to tags.pos */
	bool indent; /* a line has begun and has no OP_INDENT yet */
	struct open_section *sections;
	size_t depth, cap;
};

static int add_unit(struct template *, const struct template_params *,
    const char *name, const struct template_source *,
    const struct template_scan *start, uint32_t *index, struct fail *);

static int
fail_at_tag(struct parser *p, const struct template_tag *tag,
    const char *reason, struct str detail)
{
	return template_program_fail(p->u, tag->where, reason, detail, p->fail);
}

/* Only partials are ever indented, and the template itself is unit 0. */
static bool
is_partial_unit(const struct parser *p)
{
	return p->u != p->t->units[0];
}

static void
indent_line(struct parser *p)
{
	if (p->indent)
		template_program_add_op(p->u, OP_INDENT, p->tags.pos);
	p->indent = false;
}

/* Literal text up to the offset; each line of a partial is an op. */
static void
add_text(struct parser *p, size_t end)
{
	struct str text = {p->u->source + p->tags.pos, end - p->tags.pos};

	if (p->params->context == TEMPLATE_HTML)
		template_scan_text(&p->scan, text);
	p->tags.pos = end;
	while (text.n > 0) {
		const char *nl =
		    is_partial_unit(p) ? memchr(text.p, '\n', text.n) : NULL;
		size_t n = nl != NULL ? (size_t)(nl - text.p) + 1 : text.n;

		indent_line(p);
		template_program_add_op(p->u, OP_TEXT, p->tags.pos)->text =
		    (struct str){text.p, n};
		p->indent = nl != NULL;
		text.p += n;
		text.n -= n;
	}
}

static int
add_value(struct parser *p, const struct template_tag *tag)
{
	enum template_place place = PLACE_RAW;
	struct template_op *op;

	if (p->params->context == TEMPLATE_HTML && tag->kind == 0)
		place = template_scan_place(&p->scan);
	else if (p->params->context == TEMPLATE_PLAIN && tag->kind == 0)
		place = PLACE_HTML;
	if (place == PLACE_NO_TAG)
		return fail_at_tag(
		    p, tag, template_scan_reason(&p->scan), tag->text);
	op = template_program_add_op(p->u, OP_VALUE, tag->where);
	op->index = template_program_name(p->t, tag->text);
	op->place = place;
	/* In a comment a "-" of the value could belong to its end. */
	op->loose = place == PLACE_STYLE || p->scan.state == SCAN_COMMENT ||
		    p->scan.state == SCAN_BOGUS;
	template_scan_value(&p->scan);
	return 0;
}

static int
open_section(struct parser *p, const struct template_tag *tag)
{
	struct open_section *s;
	struct template_op *op;

	if (p->depth == TEMPLATE_DEPTH / 2)
		return fail_at_tag(
		    p, tag, "sections nested too deeply", tag->text);
	op = template_program_add_op(
	    p->u, tag->kind == '#' ? OP_SECTION : OP_INVERTED, tag->where);
	op->index = template_program_name(p->t, tag->text);
	p->sections =
	    mem_more(p->sections, p->depth, &p->cap, sizeof(*p->sections));
	s = &p->sections[p->depth++];
	s->op = p->u->count - 1;
	s->where = tag->where;
	s->name = tag->text;
	s->before = p->scan;
	return 0;
}

static int
close_section(struct parser *p, const struct template_tag *tag)
{
	struct open_section *s;

	if (p->depth == 0)
		return fail_at_tag(
		    p, tag, "no section is open here", tag->text);
	s = &p->sections[--p->depth];
	if (!str_eq(s->name, tag->text))
		return fail_at_tag(
		    p, tag, "another section must be closed first", s->name);
	p->u->ops[s->op].next = (uint32_t)p->u->count;
	if (!template_scan_join(&p->scan, &s->before))
		return fail_at_tag(p, tag,
		    "the section ends in another part of the HTML than it "
		    "began in",
		    tag->text);
	return 0;
}

static int
add_call(struct parser *p, const struct template_tag *tag, struct str indent)
{
	const struct template_rules *rules = &p->params->rules;
	char *name = mem_dup(tag->text.p, tag->text.n);
	struct template_source source = {0};
	struct template_op *op;
	uint32_t index;
	int rc;

	if (rules->partial != NULL)
		source = rules->partial(rules->partial_ctx, name);
	if (source.bytes.p == NULL) {
		free(name);
		if (rules->missing == TEMPLATE_MISSING_EMPTY)
			return 0;
		return fail_at_tag(
		    p, tag, "there is no such partial", tag->text);
	}
	rc =
	    add_unit(p->t, p->params, name, &source, &p->scan, &index, p->fail);
	free(name);
	if (rc < 0)
		return -1;
	p->scan = p->t->units[index]->end;
	op = template_program_add_op(p->u, OP_CALL, tag->where);
	op->index = index;
	op->text = indent;
	return 0;
}

static int
add_tag(struct parser *p, const struct template_tag *tag, struct str indent)
{
	if (tag->kind == '!')
		return 0;
	if (tag->kind == '=')
		return template_tag_set_delimiters(&p->tags, tag, p->fail);
	if (template_tag_check_name(p->u, tag, p->fail) < 0)
		return -1;
	switch (tag->kind) {
	case '#':
	case '^':
		return open_section(p, tag);
	case '/':
		return close_section(p, tag);
	case '>':
		return add_call(p, tag, indent);
	case '<':
	case '$':
		return fail_at_tag(
		    p, tag, "template inheritance is not known", tag->text);
	default:
		return add_value(p, tag);
	}
}

static int
parse_tag(struct parser *p, const struct template_tag *tag)
{
	struct str indent = {0};
	size_t from = tag->at, to = tag->end;
	bool alone = template_tag_is_standalone(p->u, tag, &from, &to);

	add_text(p, from);
	if (alone) {
		indent = (struct str){p->u->source + from, tag->at - from};
		p->indent = false;
	}
	indent_line(p);
	p->tags.pos = to;
	if (add_tag(p, tag, indent) < 0)
		return -1;
	if (alone)
		p->indent = is_partial_unit(p);
	return 0;
}

static int
parse_unit(struct template *t, struct template_unit *u,
    const struct template_params *params, struct fail *f)
{
	struct parser p = {.t = t,
	    .u = u,
	    .params = params,
	    .fail = f,
	    .scan = u->start,
	    .tags = {.unit = u, .opener = STR("{{"), .closer = STR("}}")}};
	struct template_tag tag;
	int rc;

	p.indent = is_partial_unit(&p);
	while ((rc = template_tag_next(&p.tags, &tag, f)) == 1)
		if ((rc = parse_tag(&p, &tag)) < 0)
			break;
	if (rc == 0 && p.depth > 0) {
		const struct open_section *s = &p.sections[p.depth - 1];

		rc = template_program_fail(
		    u, s->where, "section without end", s->name, f);
	}
	if (rc == 0)
		add_text(&p, u->length);
	u->end = p.scan;
	free(p.sections);
	return rc;
}

static struct template_unit *
new_unit(
    struct template *t, const char *name, const struct template_source *source)
{
	struct template_unit *u = mem_new(sizeof(*u));
	const char *shown = source->name != NULL ? source->name : name;

	u->name = mem_dup(name, strlen(name));
	u->shown = mem_dup(shown, strlen(shown));
	u->source = mem_dup(source->bytes.p, source->bytes.n);
	u->length = source->bytes.n;
	u->original = source->original;
	t->units = mem_grow(
	    t->units, t->unit_count + 1, sizeof(struct template_unit *));
	t->units[t->unit_count++] = u;
	return u;
}

/*
 * The unit for a partial that starts in this place, compiled if new. A unit
 * that is being compiled is found, too: partials may call themselves.
 */
static int
add_unit(struct template *t, const struct template_params *params,
    const char *name, const struct template_source *source,
    const struct template_scan *start, uint32_t *index, struct fail *f)
{
	struct template_unit *u;

	/* The first unit is the template: no partial, whatever its name. */
	for (size_t i = 1; i < t->unit_count; i++) {
		u = t->units[i];
		if (strcmp(u->name, name) == 0 &&
		    memcmp(&u->start, start, sizeof(*start)) == 0) {
			*index = (uint32_t)i;
			return 0;
		}
	}
	*index = (uint32_t)t->unit_count;
	u = new_unit(t, name, source);
	u->start = u->end = *start;
	return parse_unit(t, u, params, f);
}

int
template_parse(struct template **out, struct str source,
    const struct template_params *params, struct fail *f)
{
	const struct template_source whole = {
	    .bytes = source, .original = params->original};
	struct template *t = mem_new(sizeof(*t));
	struct template_scan start;
	uint32_t index;

	memset(&start, 0, sizeof(start));
	t->lenient = params->rules.missing == TEMPLATE_MISSING_EMPTY;
	if (add_unit(t, params, params->name, &whole, &start, &index, f) < 0) {
		template_free(t);
		*out = NULL;
		return -1;
	}
	*out = t;
	return 0;
}
