#include "base/json_merge.h"

#include "base/json.h"
#include "base/json_put.h"
#include "base/map.h"

static void
put_member(struct buf *b, struct str name, struct json_value value)
{
	if (b->p[b->len - 1] != '{')
		buf_addc(b, ',');
	json_put_string(b, name);
	buf_addc(b, ':');
	buf_addstr(b, value.raw);
}

static void
put_members(struct buf *b, const struct json_object *first,
    const struct json_object *second)
{
	struct map *values = map_new(sizeof(struct json_value));
	struct json_value *v;
	size_t i;

	for (i = 0; i < second->count; i++) {
		v = map_put(values, second->members[i].name);
		*v = second->members[i].value;
	}
	buf_addc(b, '{');
	for (i = 0; i < first->count; i++) {
		const struct json_member *m = &first->members[i];

		v = map_get(values, m->name);
		put_member(b, m->name, v != NULL ? *v : m->value);
		if (v != NULL)
			*v = (struct json_value){0}; /* it is written */
	}
	for (i = 0; i < second->count; i++) {
		v = map_get(values, second->members[i].name);
		if (v->raw.p != NULL)
			put_member(b, second->members[i].name, *v);
	}
	buf_addc(b, '}');
	map_free(values);
}

int
json_merge(struct buf *b, struct str first, struct str second,
    struct arena *arena, struct fail *f)
{
	struct json_object a, z;

	if (str_eq(first, second)) {
		buf_addstr(b, first);
		return 0;
	}
	if (json_parse(&a, first, arena, f) < 0 ||
	    json_parse(&z, second, arena, f) < 0)
		return -1;
	put_members(b, &a, &z);
	return 0;
}
