/* The compiler: tags, standalone lines, sections and partials. */
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "mail/template/template_program.h"

struct open_section {
	size_t op;
	size_t where;
	struct str name;
	struct template_scan before;
};

struct parser {
	struct template *t;
	struct unit *u;
	const struct template_params *params;
	struct fail *fail;
	struct template_scan scan;
	size_t pos;  /* what stands before it is compiled */
	size_t met;  /* ops of the original whose tags have been met */
	bool indent; /* a line has begun and has no OP_INDENT yet */
	struct str opener, closer;
	struct open_section *sections;
	size_t depth, cap;
};

struct template_tag {
	size_t at, end;  /* where it stands, delimiters included */
	size_t where;    /* the same for messages */
	char kind;       /* # ^ / > ! = & { or 0 for a plain variable */
	struct str text; /* trimmed */
};

static int
wrong(struct parser *p, size_t at, const char *reason, struct str what)
{
	struct position pos = template_position(p->u, at);

	if (what.n == 0)
		return fail_system(p->fail, "%s: %s", pos.text, reason);
	return fail_system(p->fail, "%s: %s: %.*s", pos.text, reason,
	    (int)(what.n < 200 ? what.n : 200), what.p);
}

/* Only partials are ever indented, and the template itself is unit 0. */
static bool
is_partial(const struct parser *p)
{
	return p->u != p->t->units[0];
}

static void
begin_line(struct parser *p)
{
	if (p->indent)
		template_op(p->u, OP_INDENT, p->pos);
	p->indent = false;
}

/* Literal text up to the offset; a partial's lines are kept apart. */
static void
add_text(struct parser *p, size_t end)
{
	struct str text = {p->u->source + p->pos, end - p->pos};

	if (p->params->context == TEMPLATE_HTML)
		template_scan_text(&p->scan, text);
	p->pos = end;
	while (text.n > 0) {
		const char *nl =
		    is_partial(p) ? memchr(text.p, '\n', text.n) : NULL;
		size_t n = nl != NULL ? (size_t)(nl - text.p) + 1 : text.n;

		begin_line(p);
		template_op(p->u, OP_TEXT, p->pos)->text =
		    (struct str){text.p, n};
		p->indent = nl != NULL;
		text.p += n;
		text.n -= n;
	}
}

static size_t
find(const struct parser *p, size_t from, struct str what)
{
	const char *s = p->u->source + from;
	const char *hit = memmem(s, p->u->length - from, what.p, what.n);

	return hit != NULL ? (size_t)(hit - p->u->source) : p->u->length;
}

/* 1: a tag, 0: no more of them. */
static int
next_tag(struct parser *p, struct template_tag *tag)
{
	const char *s = p->u->source;
	size_t begin, end, behind;
	char close[64];
	struct str closer = p->closer;

	*tag = (struct template_tag){.at = find(p, p->pos, p->opener)};
	if (tag->at >= p->u->length)
		return 0;
	begin = tag->at + p->opener.n;
	if (begin < p->u->length && strchr("#^/>!=&{<$", s[begin]) != NULL)
		tag->kind = s[begin++];
	if (tag->kind == '{' || tag->kind == '=') {
		close[0] = tag->kind == '{' ? '}' : '=';
		memcpy(close + 1, closer.p, closer.n);
		closer = (struct str){close, closer.n + 1};
	}
	end = find(p, begin, closer);
	behind = end + closer.n;
	if (end >= p->u->length)
		return wrong(p, tag->at, "tag without end", (struct str){0});
	tag->end = behind;
	tag->text = str_strip((struct str){s + begin, end - begin}, " \t\r\n");
	tag->where = p->u->original != NULL ? template_place_in(p->u->original,
						  &p->met, tag->kind, tag->text)
					    : tag->at;
	return 1;
}

/*
 * A line that holds only white space and one tag that prints nothing is
 * removed whole: *from is its first byte, *to the byte behind its newline.
 */
static bool
is_standalone(const struct parser *p, const struct template_tag *tag,
    size_t *from, size_t *to)
{
	const char *s = p->u->source;
	size_t a = tag->at, b = tag->end;

	if (tag->kind == 0 || tag->kind == '&' || tag->kind == '{')
		return false;
	while (a > 0 && (s[a - 1] == ' ' || s[a - 1] == '\t'))
		a--;
	while (b < p->u->length && (s[b] == ' ' || s[b] == '\t'))
		b++;
	if (a > 0 && s[a - 1] != '\n')
		return false;
	if (b < p->u->length && s[b] == '\r')
		b++;
	if (b < p->u->length && s[b] != '\n')
		return false;
	*from = a;
	*to = b < p->u->length ? b + 1 : b;
	return true;
}

static int
check_name(struct parser *p, const struct template_tag *tag)
{
	const char *s = tag->text.p;
	size_t n = tag->text.n;

	if (n == 0)
		return wrong(
		    p, tag->where, "tag without a name", (struct str){0});
	for (size_t i = 0; i < n; i++)
		if (ascii_is_space(s[i]))
			return wrong(p, tag->where,
			    "a name cannot have white space in it", tag->text);
	if (tag->kind == '>' || (n == 1 && s[0] == '.'))
		return 0;
	for (size_t i = 0; i < n; i++)
		if (s[i] == '.' && (i == 0 || i == n - 1 || s[i - 1] == '.'))
			return wrong(p, tag->where, "misplaced dot in a name",
			    tag->text);
	return 0;
}

static int
add_value(struct parser *p, const struct template_tag *tag)
{
	enum template_place place = PLACE_RAW;
	struct op *op;

	if (p->params->context == TEMPLATE_HTML && tag->kind == 0)
		place = template_scan_place(&p->scan);
	else if (p->params->context == TEMPLATE_PLAIN && tag->kind == 0)
		place = PLACE_HTML;
	if (place == PLACE_NO_TAG)
		return wrong(
		    p, tag->where, template_scan_reason(&p->scan), tag->text);
	op = template_op(p->u, OP_VALUE, tag->where);
	op->index = template_name(p->t, tag->text);
	op->place = place;
	template_scan_value(&p->scan);
	return 0;
}

static int
open_section(struct parser *p, const struct template_tag *tag)
{
	struct open_section *s;
	struct op *op;

	if (p->depth == TEMPLATE_DEPTH / 2)
		return wrong(
		    p, tag->where, "sections nested too deeply", tag->text);
	op = template_op(
	    p->u, tag->kind == '#' ? OP_SECTION : OP_INVERTED, tag->where);
	op->index = template_name(p->t, tag->text);
	if (p->depth == p->cap) {
		p->cap += 16;
		p->sections =
		    mem_grow(p->sections, p->cap, sizeof(*p->sections));
	}
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
		return wrong(
		    p, tag->where, "no section is open here", tag->text);
	s = &p->sections[--p->depth];
	if (!str_eq(s->name, tag->text))
		return wrong(p, tag->where,
		    "another section must be closed first", s->name);
	p->u->ops[s->op].next = (uint32_t)p->u->count;
	if (!template_scan_join(&p->scan, &s->before))
		return wrong(p, tag->where,
		    "the section ends in another part of the HTML than it "
		    "began in",
		    tag->text);
	return 0;
}

static int
add_call(struct parser *p, const struct template_tag *tag, struct str indent)
{
	char *name = mem_dup(tag->text.p, tag->text.n);
	struct template_source source = {0};
	struct op *op;
	uint32_t index;
	int rc;

	if (p->params->partial != NULL)
		source = p->params->partial(p->params->partial_ctx, name);
	if (source.bytes.p == NULL) {
		free(name);
		if (p->params->missing == TEMPLATE_MISSING_EMPTY)
			return 0;
		return wrong(
		    p, tag->where, "there is no such partial", tag->text);
	}
	rc = template_unit(
	    p->t, p->params, name, &source, &p->scan, &index, p->fail);
	free(name);
	if (rc != 0)
		return -1;
	p->scan = p->t->units[index]->end;
	op = template_op(p->u, OP_CALL, tag->where);
	op->index = index;
	op->text = indent;
	return 0;
}

static int
set_delimiters(struct parser *p, const struct template_tag *tag)
{
	const char *s = tag->text.p;
	size_t n = tag->text.n, a = 0, b = n;

	while (a < n && !ascii_is_space(s[a]))
		a++;
	while (b > a && !ascii_is_space(s[b - 1]))
		b--;
	p->opener = (struct str){s, a};
	p->closer = (struct str){s + b, n - b};
	if (a == 0 || b == n || a > 32 || n - b > 32 ||
	    str_strip((struct str){s + a, b - a}, " \t\r\n").n > 0 ||
	    memchr(s, '=', n) != NULL)
		return wrong(
		    p, tag->where, "not a pair of delimiters", tag->text);
	return 0;
}

static int
add_tag(struct parser *p, const struct template_tag *tag, struct str indent)
{
	if (tag->kind == '!')
		return 0;
	if (tag->kind == '=')
		return set_delimiters(p, tag);
	if (check_name(p, tag) != 0)
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
		return wrong(p, tag->where, "template inheritance is not known",
		    tag->text);
	default:
		return add_value(p, tag);
	}
}

static int
parse_tag(struct parser *p, const struct template_tag *tag)
{
	struct str indent = {0};
	size_t from = tag->at, to = tag->end;
	bool alone = is_standalone(p, tag, &from, &to);

	add_text(p, from);
	if (alone) {
		indent = (struct str){p->u->source + from, tag->at - from};
		p->indent = false;
	}
	begin_line(p);
	p->pos = to;
	if (add_tag(p, tag, indent) != 0)
		return -1;
	if (alone)
		p->indent = is_partial(p);
	return 0;
}

int
template_parse(struct template *t, struct unit *u,
    const struct template_params *params, struct fail *f)
{
	struct parser p = {.t = t,
	    .u = u,
	    .params = params,
	    .fail = f,
	    .scan = u->start,
	    .opener = STR("{{"),
	    .closer = STR("}}")};
	struct template_tag tag;
	int rc;

	p.indent = is_partial(&p);
	while ((rc = next_tag(&p, &tag)) == 1)
		if ((rc = parse_tag(&p, &tag)) != 0)
			break;
	if (rc == 0 && p.depth > 0)
		rc = wrong(&p, p.sections[p.depth - 1].where,
		    "section without end", p.sections[p.depth - 1].name);
	if (rc == 0)
		add_text(&p, u->length);
	u->end = p.scan;
	free(p.sections);
	return rc;
}
