#include "base/json_get.h"

#include <string.h>

#include "base/ascii.h"
#include "base/fail.h"
#include "base/json_text.h"

const struct json_value *
json_get(const struct json_object *o, const char *name)
{
	for (size_t i = 0; i < o->count; i++) {
		if (str_is(o->members[i].name, name))
			return &o->members[i].value;
	}
	return NULL;
}

struct str
json_get_decoded(struct json_value v, struct arena *arena)
{
	return json_text_decode(v.raw, arena);
}

struct str
json_get_string(
    const struct json_object *o, const char *name, struct arena *arena)
{
	const struct json_value *v = json_get(o, name);

	if (v == NULL || v->type != JSON_STRING)
		return (struct str){0};
	return json_text_decode(v->raw, arena);
}

void
json_get_members(
    struct json_value v, struct json_object *o, struct arena *arena)
{
	struct fail f = {0};

	if (json_parse(o, v.raw, arena, &f) < 0)
		*o = (struct json_object){0};
}

static const char *
skip_string(const char *p, const char *end)
{
	for (p = json_text_plain(p + 1, end); *p == '\\';)
		p = json_text_plain(p + 2, end);
	return p + 1;
}

/* The end of a value; the array has been checked before. */
static const char *
skip_value(const char *p, const char *end)
{
	int depth = 0;

	do {
		if (*p == '"') {
			p = skip_string(p, end);
			continue;
		}
		depth += (*p == '{' || *p == '[') - (*p == '}' || *p == ']');
		p++;
	} while (p < end && (depth > 0 || strchr(",]} \t\r\n", *p) == NULL));
	return p;
}

bool
json_get_next(struct json_value array, size_t *at, struct json_value *out)
{
	const char *p = array.raw.p + (*at > 0 ? *at : 1), *from;

	while (ascii_is_space(*p) || *p == ',')
		p++;
	from = p;
	if (*p != ']')
		p = skip_value(p, array.raw.p + array.raw.n);
	*at = (size_t)(p - array.raw.p);
	*out = (struct json_value){
	    json_type_of(*from), {from, (size_t)(p - from)}};
	return p > from;
}
