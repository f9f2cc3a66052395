/*
 * The input is an HTML template and the values of its fields, separated by NUL
 * bytes. The form gives the same text as converting the rendered HTML, also
 * after other records; headers and bodies keep their line limits.
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
#include "mail/text/text.h"
#include "mail/text/text_form.h"

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
compare_ways(const struct template *t, const struct text_params *params,
    struct text_form *form, const struct template_data *data, struct arena *a)
{
	struct buf html = {0}, whole = {0}, filled = {0};
	struct fail f;
	int rc = template_render(t, data, a, &html, &f);

	if (rc == 0)
		rc = text_from_html(&whole, buf_str(&html), params, &f);
	require(text_form_render(form, data, a, &filled, &f) == rc);
	if (rc == 0)
		require(str_eq(buf_str(&whole), buf_str(&filled)));
	buf_free(&html);
	buf_free(&whole);
	buf_free(&filled);
}

/* The record, and twice the record with its values moved on by one. */
static void
try_text(struct str html, struct json_object *o, struct arena *a)
{
	struct template_params tp = {.name = "b", .context = TEMPLATE_HTML};
	struct text_params params = {.width = 30,
	    .links = (enum text_links)(html.n % 3),
	    .preheader = html.n % 2 == 1};
	const struct json_object *objects[] = {o};
	struct template_data data = {.objects = objects, .count = 1};
	struct template *t;
	struct text_form *form;
	struct fail f;

	if (template_parse(&t, html, &tp, &f) < 0)
		return;
	form = text_form_new(t, &params);
	for (int i = 0; i < 3; i++) {
		struct json_value first = o->members[0].value;

		compare_ways(t, &params, form, &data, a);
		if (i == 2)
			break;
		for (size_t k = 0; k + 1 < o->count; k++)
			o->members[k].value = o->members[k + 1].value;
		o->members[o->count - 1].value = first;
	}
	text_form_free(form);
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

	html = (struct str){s.p, nul ? (size_t)(nul - s.p) : s.n};
	html.n = utf8_valid(html.p, html.n);
	rest =
	    (struct str){nul ? nul + 1 : s.p + s.n, nul ? s.n - html.n - 1 : 0};
	if (nul != NULL)
		rest.n = (size_t)(s.p + s.n - rest.p);
	read_values(&o, &rest, a);
	try_text(html, &o, a);
	try_encodings(html);
	arena_free(a);
	return 0;
}
