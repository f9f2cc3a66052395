#include "base/json.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/json_text.h"
#include "base/mem.h"
#include "base/utf8.h"

#define FEW 20 /* members whose names are compared without sorting */

/*
 * The stack holds the members of all objects that are still open, the
 * innermost last: a document of many small objects needs no more memory than
 * its deepest path.
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
refuse_json(struct parser *s, const char *reason)
{
	return fail_data(s->fail, "JSON byte %zu: %s",
	    (size_t)(s->p - s->start) + 1, reason);
}

static bool
is_json_space(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* True if the next byte is c, which is read then. */
static bool
take_char(struct parser *s, char c)
{
	if (s->p == s->end || *s->p != c)
		return false;
	s->p++;
	return true;
}

/* The next byte that is not white space; 0 at the end. */
static char
peek_token(struct parser *s)
{
	while (s->p < s->end && is_json_space(*s->p))
		s->p++;
	return s->p < s->end ? *s->p : '\0';
}

static int
parse_escape(struct parser *s)
{
	const char *p = s->p;

	switch (s->end - p < 2 ? '\0' : p[1]) {
	case 'n':
	case 'r':
	case 't':
	case 'b':
	case 'f':
	case '"':
	case '/':
	case '\\':
		s->p += 2;
		return 0;
	case 'u':
		if (json_text_unescape(&p, s->end) != 0) {
			s->p = p;
			return 0;
		}
		return refuse_json(s, "escape of no character (U+0000, a lone "
				      "surrogate, not four digits)");
	}
	return refuse_json(s, "unknown escape in a string");
}

/* At the opening quote. */
static int
parse_string(struct parser *s)
{
	s->p++;
	while ((s->p = json_text_plain(s->p, s->end)) < s->end) {
		if (take_char(s, '"'))
			return 0;
		if (*s->p != '\\')
			return refuse_json(s, "control character in a string");
		if (parse_escape(s) < 0)
			return -1;
	}
	return refuse_json(s, "string without closing quote");
}

static bool
take_digits(struct parser *s)
{
	const char *from = s->p;

	while (s->p < s->end && ascii_is_digit(*s->p))
		s->p++;
	return s->p > from;
}

static int
parse_number(struct parser *s)
{
	take_char(s, '-');
	if (take_char(s, '0') ? take_digits(s) : !take_digits(s))
		return refuse_json(s, "neither a value nor a JSON number");
	if (take_char(s, '.') && !take_digits(s))
		return refuse_json(s, "no digit behind the decimal point");
	if (take_char(s, 'e') || take_char(s, 'E')) {
		if (!take_char(s, '+'))
			take_char(s, '-');
		if (!take_digits(s))
			return refuse_json(s, "no digit in the exponent");
	}
	return 0;
}

static int
parse_word(struct parser *s, const char *word, size_t n)
{
	if ((size_t)(s->end - s->p) < n || memcmp(s->p, word, n) != 0)
		return refuse_json(s, "neither a value nor a JSON number");
	s->p += n;
	return 0;
}

static int
parse_member(struct parser *s)
{
	struct json_member m;
	struct json_value name;

	if (peek_token(s) != '"')
		return refuse_json(s, "a member's name is missing");
	if (parse_value(s, &name) < 0)
		return -1;
	m.name = json_text_decode(name.raw, s->arena);
	if (peek_token(s) != ':')
		return refuse_json(s, "no colon behind a member's name");
	s->p++;
	if (parse_value(s, &m.value) < 0)
		return -1;
	if (s->used == s->cap)
		s->stack = mem_more(s->stack, s->used, &s->cap, sizeof(m));
	s->stack[s->used++] = m;
	return 0;
}

static int
compare_names(const void *a, const void *b)
{
	struct str x = (*(const struct json_member *const *)a)->name;
	struct str y = (*(const struct json_member *const *)b)->name;

	if (x.n != y.n)
		return x.n < y.n ? -1 : 1;
	return memcmp(x.p, y.p, x.n);
}

/* A duplicate name; for few members this is faster than sorting. */
static struct str
find_duplicate(const struct json_member *members, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		for (size_t k = 0; k < i; k++) {
			if (str_eq(members[i].name, members[k].name))
				return members[i].name;
		}
	}
	return (struct str){0};
}

/* A duplicate name by sorting: n log n for an object of a million names. */
static struct str
sort_for_duplicate(const struct json_member *members, size_t count)
{
	const struct json_member **sorted = NULL;
	struct str duplicate = {0};

	sorted = mem_grow(sorted, count, sizeof(const struct json_member *));
	for (size_t i = 0; i < count; i++)
		sorted[i] = &members[i];
	qsort(sorted, count, sizeof(const struct json_member *), compare_names);
	for (size_t i = 1; i < count && duplicate.p == NULL; i++) {
		if (str_eq(sorted[i - 1]->name, sorted[i]->name))
			duplicate = sorted[i]->name;
	}
	free(sorted);
	return duplicate;
}

/* Refuse a duplicate name among the members from base on. */
static int
check_names(struct parser *s, size_t base)
{
	size_t count = s->used - base;
	struct str duplicate;

	if (count < 2)
		return 0;
	duplicate = count <= FEW ? find_duplicate(s->stack + base, count)
				 : sort_for_duplicate(s->stack + base, count);
	if (duplicate.p == NULL)
		return 0;
	return fail_data(s->fail,
	    "JSON name \"%.*s\" stands twice in an object",
	    (int)utf8_cut(duplicate, 100), duplicate.p);
}

/* At the opening brace or bracket. The members stay on the stack. */
static int
parse_nested(struct parser *s, char close)
{
	size_t base = s->used;
	struct json_value element;

	if (++s->depth > JSON_DEPTH)
		return refuse_json(s, "nested too deeply");
	s->p++;
	if (peek_token(s) != close) {
		do {
			if ((close == '}' ? parse_member(s)
					  : parse_value(s, &element)) < 0)
				return -1;
		} while (peek_token(s) == ',' && take_char(s, ','));
	}
	if (!take_char(s, close))
		return refuse_json(s, "no comma or closing bracket");
	s->depth--;
	return check_names(s, base);
}

static int
parse_typed(struct parser *s, enum json_type type)
{
	size_t base = s->used;
	int rc;

	switch (type) {
	case JSON_NULL:
		return parse_word(s, "null", 4);
	case JSON_FALSE:
		return parse_word(s, "false", 5);
	case JSON_TRUE:
		return parse_word(s, "true", 4);
	case JSON_NUMBER:
		return parse_number(s);
	case JSON_STRING:
		return parse_string(s);
	case JSON_ARRAY:
	case JSON_OBJECT:
		break;
	}
	rc = parse_nested(s, type == JSON_OBJECT ? '}' : ']');
	s->used = base;
	return rc;
}

/* In the order of enum json_type; anything else can only be a number. */
enum json_type
json_type_of(char c)
{
	static const char begin[] = "nft?\"[{";
	const char *at = memchr(begin, c, sizeof(begin) - 1);

	return at != NULL ? (enum json_type)(at - begin) : JSON_NUMBER;
}

static int
parse_value(struct parser *s, struct json_value *v)
{
	const char *from;

	v->type = json_type_of(peek_token(s));
	from = s->p;
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
		return refuse_json(s, "invalid UTF-8");
	}
	if (peek_token(s) != '{')
		return refuse_json(s, "not a JSON object");
	if (parse_nested(s, '}') < 0)
		return -1;
	peek_token(s);
	return s->p == s->end ? 0
			      : refuse_json(s, "something behind the object");
}

int
json_parse(
    struct json_object *o, struct str text, struct arena *arena, struct fail *f)
{
	struct parser s = {
	    text.p, text.p, text.p + text.n, arena, f, NULL, 0, 0, 0};
	int rc = parse_record(&s);

	if (rc == 0) {
		o->count = s.used;
		o->members = arena_alloc(arena, s.used * sizeof(*s.stack));
		if (s.used > 0)
			memcpy(o->members, s.stack, s.used * sizeof(*s.stack));
	}
	free(s.stack);
	return rc;
}
