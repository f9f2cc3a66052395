#include "mail/template/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mail/template/template_program.h"

struct position
template_position(const struct unit *u, size_t at)
{
	const struct unit *seen =
	    u->original != NULL ? u->original->units[0] : u;
	struct position pos;
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

static bool
is_tag_of(
    const struct template *t, const struct op *op, char kind, struct str text)
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
template_place_in(
    const struct template *original, size_t *met, char kind, struct str text)
{
	const struct unit *u = original->units[0];
	bool has_op = kind != '/' && kind != '!' && kind != '=';

	for (size_t n = 0; has_op && n < u->count; n++) {
		size_t i = (*met + n) % u->count;

		if (is_tag_of(original, &u->ops[i], kind, text)) {
			*met = i + 1;
			return u->ops[i].at;
		}
	}
	return *met > 0 ? u->ops[*met - 1].at : 0;
}

struct op *
template_op(struct unit *u, enum op_kind kind, size_t at)
{
	u->ops = mem_more(u->ops, u->count, &u->cap, sizeof(*u->ops));
	u->ops[u->count] = (struct op){.kind = kind, .at = at};
	return &u->ops[u->count++];
}

static void
split_name(struct name *n)
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
template_name(struct template *t, struct str text)
{
	struct name *n;

	for (size_t i = 0; i < t->name_count; i++)
		if (str_is(text, t->names[i].text))
			return (uint32_t)i;
	t->names = mem_grow(t->names, t->name_count + 1, sizeof(*t->names));
	n = &t->names[t->name_count];
	*n = (struct name){.text = mem_dup(text.p, text.n)};
	split_name(n);
	return (uint32_t)t->name_count++;
}

static struct unit *
new_unit(
    struct template *t, const char *name, const struct template_source *source)
{
	struct unit *u = mem_new(sizeof(*u));
	const char *shown = source->name != NULL ? source->name : name;

	u->name = mem_dup(name, strlen(name));
	u->shown = mem_dup(shown, strlen(shown));
	u->source = mem_dup(source->bytes.p, source->bytes.n);
	u->length = source->bytes.n;
	u->original = source->original;
	t->units = mem_grow(t->units, t->unit_count + 1, sizeof(struct unit *));
	t->units[t->unit_count++] = u;
	return u;
}

int
template_unit(struct template *t, const struct template_params *params,
    const char *name, const struct template_source *source,
    const struct template_scan *start, uint32_t *index, struct fail *f)
{
	struct unit *u;
	int rc;

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
	u->open = true;
	rc = template_parse(t, u, params, f);
	u->open = false;
	return rc;
}

int
template_compile(struct template **out, struct str source,
    const struct template_params *params, struct fail *f)
{
	const struct template_source whole = {
	    .bytes = source, .original = params->original};
	struct template *t = mem_new(sizeof(*t));
	struct template_scan start;
	uint32_t index;

	memset(&start, 0, sizeof(start));
	t->context = params->context;
	t->missing = params->missing;
	if (template_unit(t, params, params->name, &whole, &start, &index, f) !=
	    0) {
		template_free(t);
		*out = NULL;
		return -1;
	}
	*out = t;
	return 0;
}

void
template_free(struct template *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->unit_count; i++) {
		free(t->units[i]->name);
		free(t->units[i]->shown);
		free(t->units[i]->source);
		free(t->units[i]->ops);
		free(t->units[i]);
	}
	for (size_t i = 0; i < t->name_count; i++) {
		free(t->names[i].text);
		free(t->names[i].parts);
	}
	free(t->units);
	free(t->names);
	free(t);
}

bool
template_uses(const struct template *t, const char *name)
{
	for (size_t i = 0; i < t->name_count; i++)
		if (strcmp(t->names[i].text, name) == 0)
			return true;
	return false;
}
