/*
 * Any bytes: json_parse() refuses them, or they can be walked, decoded and
 * written again, and what was written reads as the same.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/json_get.h"
#include "base/json_put.h"

static void
walk(struct json_value v, struct buf *out, struct arena *a)
{
	struct json_value element;
	struct json_object o;
	size_t at = 0;

	if (v.type == JSON_STRING) {
		json_put_string(out, json_get_decoded(v, a));
	} else if (v.type == JSON_ARRAY) {
		buf_addc(out, '[');
		for (int n = 0; json_get_next(v, &at, &element); n++) {
			if (n > 0)
				buf_addc(out, ',');
			walk(element, out, a);
		}
		buf_addc(out, ']');
	} else if (v.type == JSON_OBJECT) {
		json_get_members(v, &o, a);
		buf_addc(out, '{');
		for (size_t i = 0; i < o.count; i++) {
			if (i > 0)
				buf_addc(out, ',');
			json_put_string(out, o.members[i].name);
			buf_addc(out, ':');
			walk(o.members[i].value, out, a);
		}
		buf_addc(out, '}');
	} else {
		buf_addstr(out, v.raw);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct buf once = {0}, twice = {0};
	struct arena *a = arena_new();
	struct json_object o;
	struct fail f;

	if (json_parse(&o, text, a, &f) == 0) {
		walk((struct json_value){JSON_OBJECT, text}, &once, a);
		if (json_parse(&o, buf_str(&once), a, &f) < 0)
			abort();
		walk((struct json_value){JSON_OBJECT, buf_str(&once)}, &twice,
		    a);
		if (!str_eq(buf_str(&once), buf_str(&twice)))
			abort();
	}
	buf_free(&once);
	buf_free(&twice);
	arena_free(a);
	return 0;
}
