#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/json_get.h"
#include "base/json_merge.h"
#include "base/json_put.h"
#include "unit.h"

static int
hex_value(char c)
{
	return c <= '9' ? c - '0' : c - 'A' + 10;
}

/* Replace each %XX by its byte, in place. */
static struct str
unescape_line(char *s)
{
	char *to = s;

	for (char *p = s; *p != '\0'; p++) {
		if (*p == '%') {
			*to++ = (char)(hex_value(p[1]) * 16 + hex_value(p[2]));
			p += 2;
		} else {
			*to++ = *p;
		}
	}
	return (struct str){s, (size_t)(to - s)};
}

/* An object written from names and raw values has the same members. */
static bool
survives_copy(const struct json_object *o, struct arena *a)
{
	struct json_object again;
	struct buf b = {0};
	struct fail f;
	bool good;

	buf_addc(&b, '{');
	for (size_t i = 0; i < o->count; i++) {
		if (i > 0)
			buf_addc(&b, ',');
		json_put_string(&b, o->members[i].name);
		buf_addc(&b, ':');
		buf_addstr(&b, o->members[i].value.raw);
	}
	buf_addc(&b, '}');
	good = json_parse(&again, buf_str(&b), a, &f) == 0 &&
	       again.count == o->count;
	for (size_t i = 0; good && i < o->count; i++) {
		good =
		    str_eq(again.members[i].name, o->members[i].name) &&
		    str_eq(again.members[i].value.raw, o->members[i].value.raw);
	}
	buf_free(&b);
	return good;
}

static bool
string_equals(const struct json_object *o, struct str want, struct arena *a)
{
	const struct json_value *v = json_get(o, "s");
	struct json_object again;
	struct buf b = {0};
	struct fail f;
	bool good;

	if (v == NULL || v->type != JSON_STRING ||
	    !str_eq(json_get_decoded(*v, a), want))
		return false;
	buf_addc(&b, '{');
	json_put(&b, "s", want);
	buf_addc(&b, '}');
	good = json_parse(&again, buf_str(&b), a, &f) == 0 &&
	       str_eq(json_get_decoded(*json_get(&again, "s"), a), want);
	buf_free(&b);
	return good;
}

/* Parse a copy without spare bytes, so that ASan detects an overrun. */
static int
parse_exact(
    struct json_object *o, struct str text, struct arena *a, struct fail *f)
{
	char *copy = arena_alloc(a, text.n + 1);
	char *exact = malloc(text.n > 0 ? text.n : 1);
	struct json_object heap;
	int rc;

	memcpy(exact, text.p, text.n);
	memcpy(copy, text.p, text.n);
	rc = json_parse(&heap, (struct str){exact, text.n}, a, f);
	free(exact);
	if (rc != json_parse(o, (struct str){copy, text.n}, a, f))
		abort();
	return rc;
}

static void
test_case(char *line, unsigned number, struct arena *a)
{
	char *text = strchr(line, '\t') + 1, *value = strchr(text, '\t');
	struct json_object o;
	struct fail f = {0};
	struct str s;
	bool good;

	if (value != NULL)
		*value++ = '\0';
	s = unescape_line(text);
	if (parse_exact(&o, s, a, &f) < 0)
		good = *line == 'n' && f.kind == FAIL_DATA && f.text[0] != '\0';
	else
		good = *line == 'y' && survives_copy(&o, a) &&
		       (value == NULL ||
			   string_equals(&o, unescape_line(value), a));
	ok(good, "json-cases.txt:%u %s", number, f.text);
}

static void
test_file(struct arena *a)
{
	FILE *file = fopen("tests/data/json-cases.txt", "r");
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	unsigned number = 0;

	if (!ok(file != NULL, "tests/data/json-cases.txt opens"))
		return;
	while ((n = getline(&line, &cap, file)) > 0) {
		number++;
		line[n - 1] = '\0';
		if (*line == 'y' || *line == 'n')
			test_case(line, number, a);
		arena_reset(a);
	}
	ok(number > 200, "%u lines of cases", number);
	free(line);
	fclose(file);
}

static void
test_walking(struct arena *a)
{
	static const char text[] =
	    "{\"list\":[1, {\"x\":[2]} ,\"a,]b\\\"\", [ ] ,null ],"
	    "\"none\":[ ],\"in\":{\"k\\u0031\":7,\"k2\":\"v\"}}";
	static const char *const want[] = {
	    "1", "{\"x\":[2]}", "\"a,]b\\\"\"", "[ ]", "null"};
	static const enum json_type types[] = {
	    JSON_NUMBER, JSON_OBJECT, JSON_STRING, JSON_ARRAY, JSON_NULL};
	struct json_object o, in;
	struct json_value v;
	struct fail f;
	size_t at = 0, n = 0;

	ok(json_parse(&o, str_of(text), a, &f) == 0, "nested record");
	while (json_get_next(*json_get(&o, "list"), &at, &v)) {
		same(v.raw, want[n], "element");
		ok(v.type == types[n], "its type");
		n++;
	}
	ok(n == 5, "all elements");
	at = 0;
	ok(!json_get_next(*json_get(&o, "none"), &at, &v), "empty array");
	ok(json_get(&o, "lis") == NULL && json_get(&o, "x") == NULL,
	    "no such member");
	json_get_members(*json_get(&o, "in"), &in, a);
	ok(in.count == 2, "members of a value");
	same(json_get(&in, "k1")->raw, "7", "number as written");
	same(json_get_decoded(*json_get(&in, "k2"), a), "v", "string");
}

static void
test_writing(void)
{
	struct buf b = {0};

	buf_addc(&b, '{');
	json_put(&b, "a", STR("x\"\\/\b\f\n\r\t\x01\x1f\x7f \xC3\xA9"));
	json_put(&b, "b\n", (struct str){0});
	json_put(&b, "c", STR(""));
	json_put_int(&b, "d", -9223372036854775807LL - 1);
	json_put_raw(&b, "e", STR("1.10"));
	json_put_name(&b, "f");
	buf_addc(&b, '[');
	json_put_name(&b, "g");
	buf_adds(&b, "]}");
	same(buf_str(&b),
	    "{\"a\":\"x\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f \xC3\xA9\","
	    "\"b\\n\":null,\"c\":\"\",\"d\":-9223372036854775808,\"e\":1.10,"
	    "\"f\":[\"g\":]}",
	    "writing");
	buf_free(&b);
}

/* Each of these must take little time, memory and stack. */
static void
test_hostile(struct arena *a)
{
	struct json_object o;
	struct buf b = {0};
	struct fail f;

	buf_addc(&b, '{');
	for (int i = 0; i < 200000; i++)
		buf_printf(&b, "\"%d\":0,", i);
	buf_adds(&b, "\"x\":0}");
	ok(json_parse(&o, buf_str(&b), a, &f) == 0 && o.count == 200001,
	    "200,001 names");
	memcpy(b.p + b.len - 6, "\"1\":0}", 6);
	ok(json_parse(&o, buf_str(&b), a, &f) < 0, "one of them twice");
	buf_reset(&b);
	buf_adds(&b, "{\"a\":");
	for (int i = 0; i < 1000000; i++)
		buf_addc(&b, '[');
	ok(json_parse(&o, buf_str(&b), a, &f) < 0, "a million brackets");
	buf_free(&b);
}

static void
test_merge(struct arena *a)
{
	static const struct {
		const char *first, *second,
		    *want; /* want: as RFC 7396 has it */
	} cases[] = {
	    {"{}", "{}", "{}"},
	    {"{}", "{\"a\":\"1\"}", "{\"a\":\"1\"}"},
	    {"{\"a\":\"1\"}", "{}", "{\"a\":\"1\"}"},
	    {"{\"a\":\"1\",\"b\":\"2\"}", "{\"c\":\"3\",\"a\":\"4\"}",
		"{\"a\":\"4\",\"b\":\"2\",\"c\":\"3\"}"},
	    {"{\"b\":[1, 2],\"a\":{}}",
		"{\"b\":7.0,\"\\u00e9\\n\":\"\\u00e9\"}",
		"{\"b\":7.0,\"a\":{},\"\xc3\xa9\\n\":\"\\u00e9\"}"},
	};
	struct buf got = {0};
	struct fail f;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		buf_reset(&got);
		ok(json_merge(&got, str_of(cases[i].first),
		       str_of(cases[i].second), a, &f) == 0,
		    "merge %zu", i);
		same(buf_str(&got), cases[i].want, "merged");
	}
	ok(json_merge(&got, STR("{}"), STR("{"), a, &f) < 0, "no JSON");
	ok(json_merge(&got, STR("x"), STR("{}"), a, &f) < 0, "no JSON");
	buf_free(&got);
}

int
main(void)
{
	struct arena *a = arena_new();

	test_file(a);
	test_walking(a);
	test_writing();
	test_hostile(a);
	test_merge(a);
	arena_free(a);
	return unit_end();
}
