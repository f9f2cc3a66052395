#include "base/json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#define BYTES(c) (0x0101010101010101U * (uint64_t)(c))
#define FEW 16 /* names compared each with each; more are sorted */

/*
 * Members of all objects that are still open, the innermost last: a document
 * of many small objects needs no more memory than its deepest path.
 */
struct parser {
	const char *start, *p, *end;
	struct arena *arena;
	struct fail *fail;
	struct json_member *stack;
	size_t used, cap;
	int depth;
};

static int parse_value(struct parser *, struct json_value *);

static int
bad(struct parser *s, const char *reason)
{
	return fail_data(s->fail, "JSON byte %zu: %s",
	    (size_t)(s->p - s->start) + 1, reason);
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void
skip_space(struct parser *s)
{
	while (s->p < s->end && is_space(*s->p))
		s->p++;
}

/* Is the next byte c? Then step behind it. */
static bool
take(struct parser *s, char c)
{
	if (s->p == s->end || *s->p != c)
		return false;
	s->p++;
	return true;
}

/* High bits set in bytes that are a quote, a backslash or a control. */
static uint64_t
specials(const char *p)
{
	uint64_t w, quote, slash;

	memcpy(&w, p, sizeof(w));
	quote = w ^ BYTES('"');
	slash = w ^ BYTES('\\');
	return (((quote - BYTES(1)) & ~quote) | ((slash - BYTES(1)) & ~slash) |
		   ((w - BYTES(0x20)) & ~w)) &
	       BYTES(0x80);
}

static const char *
skip_plain(const char *p, const char *end)
{
	while (end - p >= 8 && specials(p) == 0)
		p += 8;
	while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20)
		p++;
	return p;
}

/* Four hexadecimal digits, or -1. */
static int
hex4(const char *p, const char *end)
{
	int value = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		if (is_digit(p[i]))
			value = value * 16 + p[i] - '0';
		else if ((p[i] | 0x20) >= 'a' && (p[i] | 0x20) <= 'f')
			value = value * 16 + (p[i] | 0x20) - 'a' + 10;
		else
			return -1;
	}
	return value;
}

/* Behind "\u". */
static int
check_unicode(struct parser *s)
{
	int cp = hex4(s->p, s->end), low;

	if (cp < 0)
		return bad(s, "\\u needs four hexadecimal digits");
	if (cp == 0)
		return bad(s, "a string contains U+0000");
	s->p += 4;
	if (cp < 0xD800 || cp > 0xDFFF)
		return 0;
	if (cp < 0xDC00 && s->end - s->p >= 6 && s->p[0] == '\\' &&
	    s->p[1] == 'u') {
		low = hex4(s->p + 2, s->end);
		if (low >= 0xDC00 && low <= 0xDFFF) {
			s->p += 6;
			return 0;
		}
	}
	return bad(s, "lone surrogate");
}

/* At the opening quote. */
static int
parse_string(struct parser *s, struct str *raw, bool *escaped)
{
	const char *from = s->p++;

	*escaped = false;
	for (;;) {
		s->p = skip_plain(s->p, s->end);
		if (s->p == s->end)
			return bad(s, "string without closing quote");
		if (take(s, '"'))
			break;
		if (!take(s, '\\'))
			return bad(s, "control character in a string");
		*escaped = true;
		if (take(s, 'u')) {
			if (check_unicode(s) < 0)
				return -1;
			continue;
		}
		if (s->p == s->end || *s->p == '\0' ||
		    strchr("\"\\/bfnrt", *s->p) == NULL)
			return bad(s, "unknown escape in a string");
		s->p++;
	}
	*raw = (struct str){from, (size_t)(s->p - from)};
	return 0;
}

static bool
take_digits(struct parser *s)
{
	const char *from = s->p;

	while (s->p < s->end && is_digit(*s->p))
		s->p++;
	return s->p > from;
}

static int
parse_number(struct parser *s)
{
	take(s, '-');
	if (take(s, '0')) {
		if (s->p < s->end && is_digit(*s->p))
			return bad(s, "a number begins with 0");
	} else if (!take_digits(s)) {
		return bad(s, "no JSON value");
	}
	if (take(s, '.') && !take_digits(s))
		return bad(s, "no digit behind the decimal point");
	if (take(s, 'e') || take(s, 'E')) {
		if (!take(s, '+'))
			take(s, '-');
		if (!take_digits(s))
			return bad(s, "no digit in the exponent");
	}
	return 0;
}

static int
by_name(const void *a, const void *b)
{
	const struct json_member *x = *(const struct json_member *const *)a;
	const struct json_member *y = *(const struct json_member *const *)b;

	if (x->name.n != y->name.n)
		return x->name.n < y->name.n ? -1 : 1;
	return memcmp(x->name.p, y->name.p, x->name.n);
}

static const struct json_member *
find_twin_sorted(const struct json_member *members, size_t count)
{
	const struct json_member **sorted = NULL, *twin = NULL;

	sorted = mem_grow(sorted, count, sizeof(const struct json_member *));
	for (size_t i = 0; i < count; i++)
		sorted[i] = &members[i];
	qsort(sorted, count, sizeof(const struct json_member *), by_name);
	for (size_t i = 1; i < count && twin == NULL; i++) {
		if (str_eq(sorted[i - 1]->name, sorted[i]->name))
			twin = sorted[i];
	}
	free(sorted);
	return twin;
}

static const struct json_member *
find_twin(const struct json_member *members, size_t count)
{
	if (count > FEW)
		return find_twin_sorted(members, count);
	for (size_t i = 1; i < count; i++) {
		for (size_t j = 0; j < i; j++) {
			if (str_eq(members[i].name, members[j].name))
				return &members[i];
		}
	}
	return NULL;
}

static int
check_names(struct parser *s, size_t base)
{
	const struct json_member *twin =
	    find_twin(s->stack + base, s->used - base);

	if (twin == NULL)
		return 0;
	return fail_data(s->fail,
	    "JSON name \"%.*s\" stands twice in an object",
	    (int)utf8_cut(twin->name, 100), twin->name.p);
}

static struct str decode(struct str raw, struct arena *);

static int
parse_member(struct parser *s)
{
	struct json_member m;
	struct str raw;
	bool escaped;

	skip_space(s);
	if (s->p == s->end || *s->p != '"')
		return bad(s, "a member's name is missing");
	if (parse_string(s, &raw, &escaped) < 0)
		return -1;
	m.name = escaped ? decode(raw, s->arena)
			 : (struct str){raw.p + 1, raw.n - 2};
	skip_space(s);
	if (!take(s, ':'))
		return bad(s, "no colon behind a member's name");
	if (parse_value(s, &m.value) < 0)
		return -1;
	if (s->used == s->cap) {
		s->cap = s->cap > 0 ? s->cap * 2 : 32;
		s->stack = mem_grow(s->stack, s->cap, sizeof(m));
	}
	s->stack[s->used++] = m;
	return 0;
}

/* At the opening brace. The members stay on the stack for the caller. */
static int
parse_members(struct parser *s)
{
	size_t base = s->used;

	s->p++;
	skip_space(s);
	if (take(s, '}'))
		return 0;
	for (;;) {
		if (parse_member(s) < 0)
			return -1;
		skip_space(s);
		if (take(s, '}'))
			return check_names(s, base);
		if (!take(s, ','))
			return bad(s, "no comma or brace behind a member");
	}
}

static int
parse_elements(struct parser *s)
{
	struct json_value v;

	s->p++;
	skip_space(s);
	if (take(s, ']'))
		return 0;
	for (;;) {
		if (parse_value(s, &v) < 0)
			return -1;
		skip_space(s);
		if (take(s, ']'))
			return 0;
		if (!take(s, ','))
			return bad(s, "no comma or bracket behind an element");
	}
}

static int
parse_nested(struct parser *s)
{
	size_t base = s->used;
	int rc;

	if (++s->depth > JSON_DEPTH)
		return bad(s, "nested too deeply");
	rc = *s->p == '{' ? parse_members(s) : parse_elements(s);
	s->used = base;
	s->depth--;
	return rc;
}

static int
parse_word(struct parser *s, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(s->end - s->p) < n || memcmp(s->p, word, n) != 0)
		return bad(s, "no JSON value");
	s->p += n;
	return 0;
}

static enum json_type
type_of(char c)
{
	switch (c) {
	case '{':
		return JSON_OBJECT;
	case '[':
		return JSON_ARRAY;
	case '"':
		return JSON_STRING;
	case 't':
		return JSON_TRUE;
	case 'f':
		return JSON_FALSE;
	case 'n':
		return JSON_NULL;
	}
	return JSON_NUMBER;
}

static int
parse_typed(struct parser *s, enum json_type type)
{
	struct str raw;
	bool escaped;

	switch (type) {
	case JSON_OBJECT:
	case JSON_ARRAY:
		return parse_nested(s);
	case JSON_STRING:
		return parse_string(s, &raw, &escaped);
	case JSON_TRUE:
		return parse_word(s, "true");
	case JSON_FALSE:
		return parse_word(s, "false");
	case JSON_NULL:
		return parse_word(s, "null");
	case JSON_NUMBER:
		break;
	}
	return parse_number(s);
}

static int
parse_value(struct parser *s, struct json_value *v)
{
	const char *from;

	skip_space(s);
	if (s->p == s->end)
		return bad(s, "a value is missing");
	from = s->p;
	v->type = type_of(*from);
	if (parse_typed(s, v->type) < 0)
		return -1;
	v->raw = (struct str){from, (size_t)(s->p - from)};
	return 0;
}

static int
parse_record(struct parser *s)
{
	size_t good = utf8_valid(s->p, (size_t)(s->end - s->p));

	if (s->p + good != s->end) {
		s->p += good;
		return bad(s, "invalid UTF-8");
	}
	skip_space(s);
	if (s->p == s->end || *s->p != '{')
		return bad(s, "not a JSON object");
	s->depth = 1;
	if (parse_members(s) < 0)
		return -1;
	skip_space(s);
	return s->p == s->end ? 0 : bad(s, "something behind the object");
}

int
json_parse(
    struct json_object *o, struct str text, struct arena *arena, struct fail *f)
{
	struct parser s = {.start = text.p,
	    .p = text.p,
	    .end = text.p + text.n,
	    .arena = arena,
	    .fail = f};
	int rc = parse_record(&s);

	if (rc == 0) {
		o->count = s.used;
		o->members = arena_alloc(arena, s.used * sizeof(*o->members));
		if (s.used > 0)
			memcpy(
			    o->members, s.stack, s.used * sizeof(*o->members));
	}
	free(s.stack);
	return rc;
}

const struct json_value *
json_get(const struct json_object *o, const char *name)
{
	for (size_t i = 0; i < o->count; i++) {
		if (str_is(o->members[i].name, name))
			return &o->members[i].value;
	}
	return NULL;
}

/* p is behind "\u"; steps behind the whole escape. */
static const char *
decode_unicode(struct buf *b, const char *p, const char *end)
{
	uint32_t cp = (uint32_t)hex4(p, end);

	p += 4;
	if (cp >= 0xD800 && cp <= 0xDBFF) {
		cp = 0x10000 + ((cp - 0xD800) << 10) +
		     ((uint32_t)hex4(p + 2, end) - 0xDC00);
		p += 6;
	}
	utf8_put(b, cp);
	return p;
}

/* A checked string that has escapes; no escape is shorter than its meaning. */
static struct str
decode(struct str raw, struct arena *arena)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	const char *p = raw.p + 1, *end = raw.p + raw.n - 1, *slash, *at;
	struct buf b = {.p = arena_alloc(arena, raw.n), .cap = raw.n};

	while ((slash = memchr(p, '\\', (size_t)(end - p))) != NULL) {
		buf_add(&b, p, (size_t)(slash - p));
		p = slash + 2;
		if (slash[1] == 'u')
			p = decode_unicode(&b, p, end);
		else if ((at = strchr(from, slash[1])) != NULL)
			buf_addc(&b, to[at - from]);
		else
			buf_addc(&b, slash[1]);
	}
	buf_add(&b, p, (size_t)(end - p));
	return buf_str(&b);
}

struct str
json_string(struct json_value v, struct arena *arena)
{
	if (memchr(v.raw.p, '\\', v.raw.n) != NULL)
		return decode(v.raw, arena);
	return (struct str){v.raw.p + 1, v.raw.n - 2};
}

void
json_members(struct json_value v, struct json_object *o, struct arena *arena)
{
	struct fail f;

	if (json_parse(o, v.raw, arena, &f) < 0)
		*o = (struct json_object){0};
}

static const char *
skip_string(const char *p, const char *end)
{
	for (p = skip_plain(p + 1, end); *p == '\\'; p = skip_plain(p, end))
		p += 2;
	return p + 1;
}

/* Behind a value that was checked before. */
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
json_next(struct json_value array, size_t *at, struct json_value *out)
{
	const char *p = array.raw.p + (*at > 0 ? *at : 1);
	const char *end = array.raw.p + array.raw.n, *from;

	while (is_space(*p) || *p == ',')
		p++;
	from = p;
	if (*p != ']')
		p = skip_value(p, end);
	*at = (size_t)(p - array.raw.p);
	*out = (struct json_value){type_of(*from), {from, (size_t)(p - from)}};
	return p > from;
}

static void
put_escape(struct buf *b, char c)
{
	static const char from[] = "\b\f\n\r\t\"\\", to[] = "bfnrt\"\\";
	const char *at = memchr(from, c, sizeof(from) - 1);

	if (at == NULL) {
		buf_printf(b, "\\u%04x", (unsigned)c);
		return;
	}
	buf_addc(b, '\\');
	buf_addc(b, to[at - from]);
}

void
json_put_string(struct buf *b, struct str s)
{
	const char *p = s.p, *end = p + s.n, *stop;

	buf_reserve(b, s.n + s.n / 16 + 2);
	buf_addc(b, '"');
	while ((stop = skip_plain(p, end)) < end) {
		buf_add(b, p, (size_t)(stop - p));
		put_escape(b, *stop);
		p = stop + 1;
	}
	buf_add(b, p, (size_t)(end - p));
	buf_addc(b, '"');
}

void
json_put_name(struct buf *b, const char *name)
{
	if (b->len > 0 && b->p[b->len - 1] != '{' && b->p[b->len - 1] != '[')
		buf_addc(b, ',');
	json_put_string(b, str_of(name));
	buf_addc(b, ':');
}

void
json_put(struct buf *b, const char *name, struct str value)
{
	json_put_name(b, name);
	if (value.p == NULL)
		buf_adds(b, "null");
	else
		json_put_string(b, value);
}

void
json_put_int(struct buf *b, const char *name, long long value)
{
	json_put_name(b, name);
	buf_printf(b, "%lld", value);
}

void
json_put_raw(struct buf *b, const char *name, struct str raw)
{
	json_put_name(b, name);
	buf_addstr(b, raw);
}
