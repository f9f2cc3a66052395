/*
 * The input is an HTML template and the values of its fields, separated by NUL
 * bytes. Where the short way to the text is allowed, it gives the same text as
 * converting the rendered HTML; headers and bodies keep their line limits.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/json_put.h"
#include "base/utf8.h"
#include "mail/mime/header_field.h"
#include "mail/mime/mime.h"
#include "mail/template/template_parse.h"
#include "mail/template/template_render.h"
#include "mail/text/plain_fast.h"
#include "mail/text/text.h"

static void
require(bool good)
{
	if (!good)
		abort();
}

/* Read the values of the fields a to d, which follow the template. */
static void
read_values(struct json_object *o, struct str *rest, struct arena *a)
{
	static const char *const names[] = {"a", "b", "c", "d"};
	size_t i;

	o->members = arena_alloc(a, 4 * sizeof(*o->members));
	for (i = 0; i < 4; i++) {
		const char *nul = memchr(rest->p, '\0', rest->n);
		struct str v = {
		    rest->p, nul ? (size_t)(nul - rest->p) : rest->n};
		struct buf quoted = {0};

		rest->p += v.n + (nul != NULL);
		rest->n -= v.n + (nul != NULL);
		v.n = utf8_valid(v.p, v.n);
		json_put_string(&quoted, v);
		o->members[i].name = str_of(names[i]);
		o->members[i].value.type = JSON_STRING;
		o->members[i].value.raw = (struct str){
		    arena_dup(a, quoted.p, quoted.len), quoted.len};
		buf_free(&quoted);
	}
	o->count = 4;
}

static void
compare_ways(const struct plain_fast_params *p, const struct plain_fast *fast,
    const struct template_data *data, struct arena *a)
{
	struct buf html = {0}, slow = {0}, quick = {0};
	struct fail f;

	if (plain_fast_suits(fast, data, a) &&
	    template_render(p->html, data, a, &html, &f) == 0) {
		require(
		    text_from_html(&slow, buf_str(&html), p->convert, &f) == 0);
		require(plain_fast_render(fast, data, a, &quick, &f) == 0);
		require(str_eq(buf_str(&slow), buf_str(&quick)));
	}
	buf_free(&html);
	buf_free(&slow);
	buf_free(&quick);
}

static void
try_plain(struct str html, const struct template_data *data, struct arena *a)
{
	struct template_params tp = {.name = "b", .context = TEMPLATE_HTML};
	struct text_params convert = {.width = 30};
	struct plain_fast_params p = {.source = html, .convert = &convert};
	struct template *t;
	struct plain_fast *fast;
	struct fail f;

	if (template_parse(&t, html, &tp, &f) < 0)
		return;
	p.html = t;
	fast = plain_fast_new(&p);
	if (fast != NULL)
		compare_ways(&p, fast, data, a);
	plain_fast_free(fast);
	template_free(t);
}

static void
check_lines(const struct buf *b, size_t limit)
{
	const char *p = buf_str(b).p, *end = p + b->len, *lf;

	for (; (lf = memchr(p, '\n', (size_t)(end - p))); p = lf + 1)
		require(
		    lf > p && lf[-1] == '\r' && (size_t)(lf - p) <= limit + 1);
	require((size_t)(end - p) <= limit);
}

static void
try_encodings(struct str s)
{
	enum mime_encoding e;
	struct buf b = {0}, clean = {0};
	struct fail f;
	size_t i;

	if (mime_choose(&e, s, "it", &f) == 0) {
		mime_encode(&b, s, e);
		check_lines(&b, 78);
	}
	buf_reset(&b);
	if (header_field_clean(&clean, "it", s, &f) == 0) {
		header_field_mailbox(&b, "To", buf_str(&clean), STR("a@b.org"));
		header_field_text(&b, "Subject", buf_str(&clean));
		check_lines(&b, 78);
		for (i = 0; i < b.len; i++)
			require(b.p[i] > 0);
	}
	buf_free(&b);
	buf_free(&clean);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = {size > 0 ? (const char *)data : "", size}, html, rest;
	const char *nul = memchr(s.p, '\0', s.n);
	struct arena *a = arena_new();
	struct json_object o;
	const struct json_object *objects[] = {&o};
	struct template_data fields = {.objects = objects, .count = 1};

	html = (struct str){s.p, nul ? (size_t)(nul - s.p) : s.n};
	html.n = utf8_valid(html.p, html.n);
	rest =
	    (struct str){nul ? nul + 1 : s.p + s.n, nul ? s.n - html.n - 1 : 0};
	if (nul != NULL)
		rest.n = (size_t)(s.p + s.n - rest.p);
	read_values(&o, &rest, a);
	try_plain(html, &fields, a);
	try_encodings(html);
	arena_free(a);
	return 0;
}
