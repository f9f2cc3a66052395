#include "mail/message/compose.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json_get.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "mail/message/compose_footer.h"
#include "mail/message/compose_links.h"
#include "mail/message/compose_message.h"
#include "mail/message/compose_setup.h"
#include "mail/message/compose_templates.h"
#include "mail/mime/header_field.h"
#include "mail/mime/mime.h"
#include "mail/optout/optout_link.h"
#include "mail/template/template_render.h"

#define SUBJECT_MAX 998 /* characters; the limit of Gmail */

int
compose_new(
    struct compose **out, const struct compose_params *params, struct fail *f)
{
	struct compose *c = mem_new(sizeof(*c));

	c->params = *params;
	c->arena = arena_new();
	if (compose_setup(c, f) < 0) {
		compose_free(c);
		return -1;
	}
	*out = c;
	return 0;
}

void
compose_free(struct compose *c)
{
	size_t i;

	if (c == NULL)
		return;
	template_free(c->subject);
	template_free(c->html);
	template_free(c->alone);
	template_free(c->original);
	for (i = 0; c->headers != NULL && i < c->params.header_count; i++)
		template_free(c->headers[i]);
	text_part_free(c->text_part);
	buf_free(&c->fixed);
	buf_free(&c->display);
	buf_free(&c->subject_out);
	buf_free(&c->links_out);
	buf_free(&c->html_out);
	buf_free(&c->text_out);
	buf_free(&c->message_out);
	buf_free(&c->head_out);
	buf_free(&c->url);
	buf_free(&c->mailto);
	arena_free(c->arena);
	free(c);
}

/* One body alone is wanted, which needs no course and no sender. */
static bool
is_body_only(const struct compose *c)
{
	return c->params.part == COMPOSE_HTML || c->params.part == COMPOSE_TEXT;
}

/* All records of an email id belong to one course. */
static int
check_record_course(
    struct compose *c, const struct recipient *r, struct fail *f)
{
	if (r->course_id.p == NULL && is_body_only(c))
		return 0;
	if (r->course_id.p == NULL)
		return fail_data(f, "\"course_id\" is missing");
	if (c->course_id.p == NULL)
		c->course_id = arena_str(c->arena, r->course_id);
	if (!str_eq(c->course_id, r->course_id))
		return fail_data(f, "course %.*s: this mailing is of %.*s",
		    (int)r->course_id.n, r->course_id.p, (int)c->course_id.n,
		    c->course_id.p);
	return 0;
}

/* bm-recipients --include-suppressed writes it, for bm-send. */
static int
check_suppressed(const struct recipient *r, struct fail *f)
{
	const struct json_value *v = json_get(&r->all, "include_suppressed");

	if (v == NULL || v->type <= JSON_TRUE)
		return 0;
	return fail_data(f, "\"include_suppressed\" is neither true nor false");
}

/* What bm-recipients --include-opted-out shows is not to be mailed. */
static int
check_opted_out(const struct recipient *r, struct fail *f)
{
	const struct json_value *v = json_get(&r->all, "opted_out");

	if (v == NULL || v->type == JSON_NULL || v->type == JSON_FALSE)
		return 0;
	return fail_data(f, v->type == JSON_TRUE
				? "\"opted_out\" is true: the person said no"
				: "\"opted_out\" is neither true nor false");
}

static int
check_why(const struct compose *c, const struct recipient *r, struct fail *f)
{
	if (c->params.optout || str_is(r->why, "staff") ||
	    str_is(r->why, "myself"))
		return 0;
	return fail_data(f,
	    "without an opt-out link only staff and the sender are mailed, "
	    "and \"why\" is neither \"staff\" nor \"myself\"");
}

/* The links of this recipient; the token tells the recipient and the course. */
static int
make_links(struct compose *c, const struct recipient *r, struct str key,
    struct str *token, struct fail *f)
{
	const struct compose_params *p = &c->params;
	struct token t = {.key = key,
	    .user_id = r->user_id,
	    .course_id = r->course_id,
	    .kind = p->test ? TOKEN_TEST : TOKEN_LINK};
	struct buf b = {0};

	buf_reset(&c->url);
	buf_reset(&c->mailto);
	c->optout_url = c->optout_mailto = (struct str){0};
	*token = (struct str){0};
	if (!p->optout || p->optout_url.p == NULL || p->keys == NULL ||
	    r->course_id.p == NULL)
		return 0;
	if (token_make(&b, p->keys, &t, f) < 0) {
		buf_free(&b);
		return -1;
	}
	optout_link_page(&c->url, p->optout_url, buf_str(&b));
	c->optout_url = buf_str(&c->url);
	if (p->optout_mailto.p != NULL) {
		optout_link_mailto(&c->mailto, p->optout_mailto, buf_str(&b));
		c->optout_mailto = buf_str(&c->mailto);
	}
	*token = (struct str){c->url.p + c->url.len - b.len, b.len};
	buf_free(&b);
	return 0;
}

static int
render_subject(
    struct compose *c, struct fields *fs, struct arena *a, struct fail *f)
{
	struct buf raw = {0};
	int rc;

	buf_reset(&c->subject_out);
	rc = template_render(c->subject, &fs->data, a, &raw, f);
	if (rc == 0)
		rc = header_field_clean(
		    &c->subject_out, "subject", buf_str(&raw), f);
	buf_free(&raw);
	if (rc < 0)
		return -1;
	if (c->subject_out.len == 0)
		return fail_data(f, "the subject is empty");
	if (utf8_length(buf_str(&c->subject_out)) > SUBJECT_MAX)
		return fail_data(
		    f, "the subject is longer than %d characters", SUBJECT_MAX);
	fields_add(fs, "subject", buf_str(&c->subject_out), a);
	return 0;
}

static int
render_bodies(struct compose *c, const struct fields *fs, struct arena *a,
    struct template_trace *trace, struct fail *f)
{
	buf_reset(&c->html_out);
	buf_reset(&c->text_out);
	if (template_trace_render(
		c->html, &fs->data, a, &c->html_out, trace, f) < 0)
		return -1;
	if (c->params.part == COMPOSE_HTML)
		return 0;
	return text_part_render(c->text_part, &fs->data, a, &c->text_out, f);
}

static bool
contains_text(const struct buf *b, struct str what)
{
	return what.p == NULL ||
	       (b->len > 0 && memmem(b->p, b->len, what.p, what.n) != NULL);
}

/* --base-url, else the course's address, once it is known. */
static void
choose_base(struct compose *c, const struct recipient *r, struct arena *a)
{
	struct str base = c->params.base_url;

	if (c->base.p != NULL)
		return;
	if (base.p == NULL)
		base = json_get_string(&c->set, "course_url", a);
	if (base.p == NULL)
		base = json_get_string(&r->all, "course_url", a);
	if (!str_starts(base, "https://") && !str_starts(base, "http://"))
		return;
	c->base = arena_str(c->arena, base);
	text_part_set_base(c->text_part, c->base);
}

/* Markup without relative links is not looked at again. */
static void
resolve_links(struct compose *c, const struct template_trace *trace)
{
	buf_reset(&c->links_out);
	if (c->base.p == NULL ||
	    (!c->relative && compose_footer_knows(c, trace)))
		return;
	if (compose_links_resolve(
		&c->links_out, buf_str(&c->html_out), c->base))
		c->relative = true;
}

static void
use_resolved_links(struct compose *c, struct composed *out)
{
	struct buf html = c->html_out;

	out->based = c->base.p != NULL;
	if (c->links_out.len == 0)
		return;
	c->html_out = c->links_out;
	c->links_out = html;
	out->html = buf_str(&c->html_out);
}

/* A section or a special layout may have dropped the link. */
static int
check_link(const struct compose *c, const struct buf *part, const char *what,
    struct str token, struct fail *f)
{
	if (c->params.lenient || contains_text(part, token))
		return 0;
	return fail_data(f, "the %s came out without the opt-out link", what);
}

/* Where a lack is accepted, the reason is a finding and no failure. */
static int
check_footer(struct compose *c, const struct template_data *data,
    const struct template_trace *trace, struct str token, struct composed *out,
    struct arena *a, struct fail *f)
{
	out->html_footer = contains_text(&c->html_out, token) &&
			   template_uses(c->html, "postal_address");
	out->text_footer = contains_text(&c->text_out, token) &&
			   text_part_uses(c->text_part, "postal_address");
	if (c->params.postal_address.p == NULL ||
	    compose_footer_check(c, data, trace, token, a, f) == 0)
		return 0;
	if (!c->params.lenient)
		return -1;
	if (out->html_footer)
		out->hidden = str_of(arena_printf(a, "%s", f->text));
	return 0;
}

/* A body that no message could carry is refused, even when printed alone. */
static int
check_bodies(const struct compose *c, struct fail *f)
{
	enum mime_encoding unused;

	if (mime_choose(&unused, buf_str(&c->html_out), "the HTML", f) < 0)
		return -1;
	return mime_choose(&unused, buf_str(&c->text_out), "the text", f);
}

int
compose_record(struct compose *c, const struct recipient *record, int64_t now,
    struct arena *a, struct composed *out, struct fail *f)
{
	struct recipient r = *record;
	struct fields fs;
	struct addr to;
	struct str token;
	struct template_trace trace = {
	    .partial = COMPOSE_BODY, .wanted = SIZE_MAX};

	*out = (struct composed){0};
	if (r.course_id.p == NULL)
		r.course_id = c->params.course_id;
	if (addr_parse(&to, r.email, c->params.policy, a, f) < 0)
		return fail_prefix(f, "\"email\"");
	if (check_opted_out(&r, f) < 0 || check_suppressed(&r, f) < 0 ||
	    check_record_course(c, &r, f) < 0 || check_why(c, &r, f) < 0 ||
	    make_links(c, &r, to.key, &token, f) < 0)
		return -1;
	fields_init(&fs, &c->constants, &r, a);
	fs.data.lack = &out->lack;
	fields_add(&fs, "optout_url", c->optout_url, a);
	choose_base(c, &r, a);
	if (render_subject(c, &fs, a, f) < 0 ||
	    render_bodies(c, &fs, a, &trace, f) < 0)
		return -1;
	out->html = buf_str(&c->html_out);
	out->text = buf_str(&c->text_out);
	out->subject = buf_str(&c->subject_out);
	resolve_links(c, &trace);
	if (is_body_only(c)) {
		use_resolved_links(c, out);
		return check_bodies(c, f);
	}
	if (check_link(c, &c->html_out, "HTML", token, f) < 0 ||
	    check_footer(c, &fs.data, &trace, token, out, a, f) < 0 ||
	    check_link(c, &c->text_out, "text", token, f) < 0)
		return -1;
	use_resolved_links(c, out);
	return compose_message(c, &r, &to, &fs, now, a, out, f);
}
