/*
 * The examples of tests/data/text-cases.json, which were checked against a
 * browser, and what the rules say beyond them.
 */
#include "mail/text.h"

#include <stdlib.h>

#include "base/json.h"
#include "unit.h"

#define CASES "tests/data/text-cases.json"
#define NUL_MARK "\xee\x80\x80" /* U+E000 */

/*
 * The file as the value of a member, for records are objects. Our JSON takes
 * no NUL: an unused character stands for it until the HTML is decoded.
 */
static void
read_cases(struct buf *b)
{
	FILE *file = fopen(CASES, "r");
	char *nul;
	size_t n;

	if (file == NULL) {
		ok(false, "open %s", CASES);
		return;
	}
	buf_adds(b, "{\"cases\":");
	while ((n = fread(buf_reserve(b, 65536), 1, 65536, file)) > 0)
		b->len += n;
	buf_addc(b, '}');
	fclose(file);
	while ((nul = memmem(b->p, b->len, "\\u0000", 6)) != NULL)
		memcpy(nul, "\\ue000", 6);
}

static struct str
member(const struct json_object *o, const char *name, struct arena *a)
{
	const struct json_value *v = json_get(o, name);

	if (v == NULL)
		return (struct str){0};
	return v->type == JSON_STRING ? json_string(*v, a) : v->raw;
}

static void
put_nuls(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.n - i >= 3 && memcmp(s.p + i, NUL_MARK, 3) == 0) {
			buf_addc(out, '\0');
			i += 2;
		} else {
			buf_addc(out, s.p[i]);
		}
	}
}

static void
run_case(const struct json_object *o, struct arena *a)
{
	struct text_params params = {.width = 72};
	struct str links = member(o, "links", a), want = member(o, "want", a);
	struct str width = member(o, "width", a), id = member(o, "id", a);
	struct buf html = {0}, out = {0};
	struct fail f;

	if (links.p != NULL)
		params.links = str_is(links, "foot")   ? TEXT_LINKS_FOOT
			       : str_is(links, "none") ? TEXT_LINKS_NONE
						       : TEXT_LINKS_INLINE;
	if (width.p != NULL)
		params.width = atoi(width.p);
	put_nuls(&html, member(o, "html", a));
	if (text_from_html(&out, buf_str(&html), &params, &f) != 0)
		buf_adds(&out, f.text);
	same(buf_str(&out), arena_dup(a, want.p, want.n),
	    arena_dup(a, id.p, id.n));
	buf_free(&html);
	buf_free(&out);
}

static void
run_cases(void)
{
	struct arena *a = arena_new();
	struct json_object file, one;
	struct json_value v;
	struct buf text = {0};
	struct fail f;
	size_t at = 0, count = 0;

	read_cases(&text);
	if (json_parse(&file, buf_str(&text), a, &f) != 0) {
		ok(false, "%s: %s", CASES, f.text);
	} else {
		while (json_next(file.members[0].value, &at, &v)) {
			json_members(v, &one, a);
			run_case(&one, a);
			count++;
		}
		ok(count >= 74, "%zu cases", count);
	}
	buf_free(&text);
	arena_free(a);
}

int
main(void)
{
	run_cases();
	return unit_end();
}
