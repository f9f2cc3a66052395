#include "mail/template/template_program.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "mail/template/template_trace.h"

struct template_position
template_program_position(const struct template_unit *u, size_t at)
{
	const struct template_unit *seen =
	    u->original != NULL ? u->original->units[0] : u;
	struct template_position pos;
	size_t line = 1, column = 1;

	for (size_t i = 0; i < at && i < seen->length; i++) {
		if (seen->source[i] == '\n') {
			line++;
			column = 1;
		} else if (((unsigned char)seen->source[i] & 0xc0) != 0x80) {
			column++;
		}
	}
	snprintf(pos.text, sizeof(pos.text), "%.200s:%zu:%zu", u->shown, line,
	    column);
	return pos;
}

int
template_program_fail(const struct template_unit *u, size_t at,
    const char *reason, struct str detail, struct fail *f)
{
	struct template_position pos = template_program_position(u, at);

	if (detail.n == 0)
		return fail_system(f, "%s: %s", pos.text, reason);
	return fail_system(f, "%s: %s: %.*s", pos.text, reason,
	    (int)(detail.n < 200 ? detail.n : 200), detail.p);
}

static bool
is_op_of_tag(const struct template *t, const struct template_op *op, char kind,
    struct str text)
{
	switch (op->kind) {
	case OP_VALUE:
		return (kind == 0 || kind == '&' || kind == '{') &&
		       str_is(text, t->names[op->index].text);
	case OP_SECTION:
	case OP_INVERTED:
		return kind == (op->kind == OP_SECTION ? '#' : '^') &&
		       str_is(text, t->names[op->index].text);
	case OP_CALL:
		return kind == '>' && str_is(text, t->units[op->index]->name);
	case OP_TEXT:
	case OP_INDENT:
		break;
	}
	return false;
}

size_t
template_program_find_tag(
    const struct template *original, size_t *met, char kind, struct str text)
{
	const struct template_unit *u = original->units[0];
	bool has_op = kind != '/' && kind != '!' && kind != '=';

	for (size_t n = 0; has_op && n < u->count; n++) {
		size_t i = (*met + n) % u->count;

		if (is_op_of_tag(original, &u->ops[i], kind, text)) {
			*met = i + 1;
			return u->ops[i].at;
		}
	}
	return *met > 0 ? u->ops[*met - 1].at : 0;
}

struct template_op *
template_program_add_op(
    struct template_unit *u, enum template_op_kind kind, size_t at)
{
	u->ops = mem_more(u->ops, u->count, &u->cap, sizeof(*u->ops));
	u->ops[u->count] = (struct template_op){.kind = kind, .at = at};
	return &u->ops[u->count++];
}

static void
split_name(struct template_name *n)
{
	const char *p = n->text;

	if (strcmp(p, ".") == 0)
		return;
	for (;;) {
		size_t len = strcspn(p, ".");

		n->parts = mem_grow(n->parts, n->count + 1, sizeof(*n->parts));
		n->parts[n->count++] = (struct str){p, len};
		if (p[len] == '\0')
			return;
		p += len + 1;
	}
}

uint32_t
template_program_name(struct template *t, struct str text)
{
	struct template_name *n;

	for (size_t i = 0; i < t->name_count; i++)
		if (str_is(text, t->names[i].text))
			return (uint32_t)i;
	t->names = mem_grow(t->names, t->name_count + 1, sizeof(*t->names));
	n = &t->names[t->name_count];
	*n = (struct template_name){.text = mem_dup(text.p, text.n)};
	split_name(n);
	return (uint32_t)t->name_count++;
}

/* The number of occurrences of text in s. */
static size_t
count_in(struct str s, struct str text)
{
	size_t n = 0;
	const char *p;

	while (s.n > 0 && (p = memmem(s.p, s.n, text.p, text.n)) != NULL) {
		n++;
		p += text.n;
		s.n -= (size_t)(p - s.p);
		s.p = p;
	}
	return n;
}

/* The offset of an occurrence of text, by its number from 0; SIZE_MAX. */
static size_t
find_in(struct str s, struct str text, size_t number)
{
	const char *from = s.p, *p;

	while ((p = memmem(from, s.n - (size_t)(from - s.p), text.p, text.n)) !=
	       NULL) {
		if (number-- == 0)
			return (size_t)(p - s.p);
		from = p + text.n;
	}
	return SIZE_MAX;
}

/*
 * Markup stands in Markdown as it is: the same occurrence of the longest
 * beginning that is there as often as in the HTML.
 */
static size_t
find_markup(const struct template_unit *u, size_t at)
{
	const struct template_unit *m = u->original->units[0];
	struct str html = {u->source, u->length}, before = {u->source, at};
	struct str text = {u->source + at, 0}, source = {m->source, m->length};

	while (at + text.n < u->length && text.n < 60 &&
	       memchr("\n{", text.p[text.n], 2) == NULL)
		text.n++;
	for (; text.n > 1; text.n--)
		if (count_in(html, text) == count_in(source, text))
			return find_in(source, text, count_in(before, text));
	return SIZE_MAX;
}

void
template_trace_place(struct buf *b, const struct template_trace *t)
{
	size_t at = t->at;

	if (t->unit->original != NULL && t->field == NULL)
		at = find_markup(t->unit, at);
	if (at == SIZE_MAX)
		buf_adds(b, t->unit->shown);
	else
		buf_adds(b, template_program_position(t->unit, at).text);
}
