#include "mail/template/template_render.h"

#include <string.h>

#include "base/json.h"
#include "base/json_get.h"
#include "mail/template/template_lack.h"
#include "mail/template/template_program.h"
#include "mail/template/template_trace.h"

/* A value that a section has entered; names are looked up here first. */
struct frame {
	const struct frame *below;
	struct json_value value;
	struct json_object object;
};

struct render_job {
	const struct template *t;
	const struct template_data *data;
	struct arena *arena;
	struct buf *out;
	struct template_skeleton *skeleton; /* or NULL */
	struct template_trace *trace;       /* or NULL */
	struct fail *fail;
	const struct frame *top;
	int depth;
	size_t begin; /* of the result in the buffer */
};

/* The part of a unit that is being rendered. */
struct op_range {
	const struct template_unit *unit;
	size_t from, to;
	struct str indent;
};

static int render_range(struct render_job *, struct op_range);

static const struct json_value *
find_member(const struct json_object *o, struct str name)
{
	for (size_t i = 0; i < o->count; i++) {
		const struct json_member *m = &o->members[i];

		if (m->name.n == name.n &&
		    memcmp(m->name.p, name.p, name.n) == 0)
			return &m->value;
	}
	return NULL;
}

static const struct json_value *
find_field(const struct render_job *r, struct str name)
{
	const struct json_value *v;

	for (const struct frame *f = r->top; f != NULL; f = f->below)
		if ((v = find_member(&f->object, name)) != NULL)
			return v;
	for (size_t i = r->data->count; i-- > 0;)
		if ((v = find_member(r->data->objects[i], name)) != NULL)
			return v;
	return NULL;
}

/* A null counts as missing. */
static bool
find_value(struct render_job *r, const struct template_name *name,
    struct json_value *out)
{
	const struct json_value *v;
	struct json_object o;

	if (name->count == 0)
		v = r->top != NULL ? &r->top->value : r->data->self;
	else
		v = find_field(r, name->parts[0]);
	for (size_t i = 1; v != NULL && i < name->count; i++) {
		if (v->type != JSON_OBJECT)
			return false;
		json_get_members(*v, &o, r->arena);
		v = find_member(&o, name->parts[i]);
	}
	if (v == NULL || v->type == JSON_NULL)
		return false;
	*out = *v;
	return true;
}

static bool
is_zero(struct str number)
{
	for (size_t i = 0; i < number.n; i++) {
		if (number.p[i] == 'e' || number.p[i] == 'E')
			return true;
		if (number.p[i] >= '1' && number.p[i] <= '9')
			return false;
	}
	return true;
}

/* False, an empty list, an empty string and zero hide a section. */
static bool
is_shown(const struct json_value *v)
{
	struct json_value first;
	size_t at = 0;

	switch (v->type) {
	case JSON_NULL:
	case JSON_FALSE:
		return false;
	case JSON_NUMBER:
		return !is_zero(v->raw);
	case JSON_STRING:
		return v->raw.n > 2;
	case JSON_ARRAY:
		return json_get_next(*v, &at, &first);
	default:
		return true;
	}
}

static int
fail_field(struct render_job *r, const struct template_unit *u,
    const struct template_op *op, const char *reason)
{
	struct template_position pos = template_program_position(u, op->at);

	return fail_data(r->fail, "%s: field %.100s %s", pos.text,
	    r->t->names[op->index].text, reason);
}

/* A field without a value, which is not there or is empty. */
static int
fail_lack(struct render_job *r, const struct template_unit *u,
    const struct template_op *op, const char *reason)
{
	const struct template_name *name = &r->t->names[op->index];
	struct template_lack *lack = r->data->lack;

	if (lack != NULL && name->count > 0) {
		lack->field = name->text;
		lack->first = name->parts[0].n;
		for (const struct frame *f = r->top; f != NULL; f = f->below)
			lack->nested |= f->value.type == JSON_OBJECT;
	}
	return fail_field(r, u, op, reason);
}

static int
put_field(struct render_job *r, const struct template_unit *u,
    const struct template_op *op)
{
	bool lenient = r->t->lenient;
	struct json_value v;
	struct str text;
	size_t at;
	struct fail why;

	if (!find_value(r, &r->t->names[op->index], &v))
		return lenient ? 0 : fail_lack(r, u, op, "is missing");
	if (!lenient && v.type == JSON_STRING && v.raw.n == 2)
		return fail_lack(r, u, op, "is empty");
	if (!lenient && (v.type == JSON_ARRAY || v.type == JSON_OBJECT))
		return fail_field(r, u, op, "is not a text or a number");
	text = v.type == JSON_STRING ? json_get_decoded(v, r->arena) : v.raw;
	if (r->trace != NULL && (op->loose || op->place == PLACE_RAW))
		r->trace->loose = true;
	if (op->place == PLACE_RAW) {
		buf_addstr(r->out, text);
		return 0;
	}
	at = r->out->len;
	if (template_place_put(r->out, op->place, text, lenient, &why) < 0)
		return fail_field(r, u, op, why.text);
	if (r->skeleton != NULL && op->place != PLACE_STYLE)
		template_skeleton_cut(r->skeleton, at, r->arena);
	return 0;
}

static int
enter_value(struct render_job *r, struct op_range body, struct json_value v)
{
	struct frame frame = {.below = r->top, .value = v};
	int rc;

	if (v.type == JSON_OBJECT)
		json_get_members(v, &frame.object, r->arena);
	r->top = &frame;
	rc = render_range(r, body);
	r->top = frame.below;
	return rc;
}

/* FNV-1a of the sections that are shown. */
static void
note_section(struct render_job *r, const struct template_op *op)
{
	if (r->trace != NULL)
		r->trace->path =
		    (r->trace->path ^ (op->at + 1)) * UINT64_C(0x100000001b3);
}

static int
render_section(
    struct render_job *r, struct op_range body, const struct template_op *op)
{
	struct json_value v, item;
	size_t at = 0;
	bool shown = find_value(r, &r->t->names[op->index], &v) && is_shown(&v);

	if (shown == (op->kind == OP_INVERTED))
		return 0;
	note_section(r, op);
	if (op->kind == OP_INVERTED)
		return render_range(r, body);
	if (v.type != JSON_ARRAY)
		return enter_value(r, body, v);
	while (json_get_next(v, &at, &item)) {
		note_section(r, op);
		if (enter_value(r, body, item) < 0)
			return -1;
	}
	return 0;
}

static int
render_call(
    struct render_job *r, const struct template_op *op, struct str indent)
{
	const struct template_unit *u = r->t->units[op->index];
	struct op_range body = {u, 0, u->count, indent};
	char *both;
	int rc;

	if (op->text.p == NULL || op->text.n + indent.n == 0) {
		body.indent = (struct str){0};
	} else if (indent.n == 0) {
		body.indent = op->text;
	} else {
		both = arena_alloc(r->arena, indent.n + op->text.n);
		memcpy(both, indent.p, indent.n);
		if (op->text.n > 0)
			memcpy(both + indent.n, op->text.p, op->text.n);
		body.indent = (struct str){both, indent.n + op->text.n};
	}
	rc = render_range(r, body);
	if (r->trace != NULL && r->trace->partial != NULL &&
	    strcmp(r->trace->partial, u->name) == 0)
		r->trace->end = r->out->len - r->begin;
	return rc;
}

/* The last n bytes are those of the op: note it if the wanted one is there. */
static void
note_origin(struct render_job *r, const struct template_unit *u,
    const struct template_op *op, size_t n)
{
	struct template_trace *t = r->trace;
	size_t end = r->out->len - r->begin;

	if (t->unit != NULL || t->wanted >= end)
		return;
	t->unit = u;
	if (op->kind == OP_TEXT) {
		t->at = (size_t)(op->text.p - u->source) + t->wanted + n - end;
	} else {
		t->at = op->at;
		t->field = r->t->names[op->index].text;
	}
}

static int
render_op(struct render_job *r, const struct op_range *s,
    const struct template_op *op)
{
	size_t before = r->out->len;

	switch (op->kind) {
	case OP_TEXT:
		buf_addstr(r->out, op->text);
		if (r->trace != NULL)
			note_origin(r, s->unit, op, op->text.n);
		return 0;
	case OP_INDENT:
		buf_addstr(r->out, s->indent);
		return 0;
	case OP_VALUE:
		if (put_field(r, s->unit, op) < 0)
			return -1;
		if (r->trace != NULL)
			note_origin(r, s->unit, op, r->out->len - before);
		return 0;
	case OP_SECTION:
	case OP_INVERTED:
		return render_section(r,
		    (struct op_range){s->unit, (size_t)(op - s->unit->ops) + 1,
			op->next, s->indent},
		    op);
	case OP_CALL:
		return render_call(r, op, s->indent);
	}
	return 0;
}

static int
render_range(struct render_job *r, struct op_range s)
{
	int rc = 0;

	if (r->depth == TEMPLATE_DEPTH)
		return fail_data(
		    r->fail, "%s: nested too deeply", s.unit->name);
	r->depth++;
	for (size_t i = s.from; rc == 0 && i < s.to;) {
		const struct template_op *op = &s.unit->ops[i];

		rc = render_op(r, &s, op);
		i = op->next > i ? op->next : i + 1;
	}
	r->depth--;
	return rc;
}

static int
render_unit(struct render_job *r)
{
	const struct template_unit *u = r->t->units[0];

	return render_range(r, (struct op_range){u, 0, u->count, {0}});
}

int
template_render(const struct template *t, const struct template_data *data,
    struct arena *arena, struct buf *out, struct fail *f)
{
	struct render_job r = {
	    .t = t, .data = data, .arena = arena, .out = out, .fail = f};

	return render_unit(&r);
}

int
template_render_skeleton(const struct template *t,
    const struct template_data *data, struct arena *arena,
    struct template_skeleton *out, struct fail *f)
{
	struct render_job r = {.t = t,
	    .data = data,
	    .arena = arena,
	    .out = &out->html,
	    .skeleton = out,
	    .fail = f};
	int rc = render_unit(&r);

	out->size += out->html.len - out->count * strlen(TEMPLATE_HOLE);
	return rc;
}

int
template_trace_render(const struct template *t,
    const struct template_data *data, struct arena *arena, struct buf *out,
    struct template_trace *trace, struct fail *f)
{
	struct render_job r = {.t = t,
	    .data = data,
	    .arena = arena,
	    .out = out,
	    .begin = out->len,
	    .trace = trace,
	    .fail = f};

	trace->path = UINT64_C(0xcbf29ce484222325);
	trace->loose = false;
	trace->end = 0;
	trace->unit = NULL;
	trace->field = NULL;
	return render_unit(&r);
}
