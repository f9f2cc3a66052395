#include "mail/compose.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "mail/compose_setup.h"
#include "mail/head.h"
#include "mail/header.h"
#include "mail/ident.h"
#include "mail/link.h"
#include "mail/mime.h"
#include "mail/sender.h"

#define SUBJECT_MAX 998 /* characters; what Gmail takes */
#define NAME_MAX_BYTES 4096

int
compose_new(
    struct compose **out, const struct compose_params *params, struct fail *f)
{
	struct compose *c = mem_new(sizeof(*c));

	c->params = *params;
	c->arena = arena_new();
	if (compose_setup(c, f) != 0) {
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
	plain_free(c->plain);
	buf_free(&c->fixed);
	buf_free(&c->display);
	buf_free(&c->subject_out);
	buf_free(&c->html_out);
	buf_free(&c->text_out);
	buf_free(&c->message_out);
	buf_free(&c->head_out);
	buf_free(&c->url);
	buf_free(&c->mailto);
	arena_free(c->arena);
	free(c);
}

/* Only one body is wanted, which needs no course and no sender. */
static bool
is_part(const struct compose *c)
{
	return c->params.part == COMPOSE_HTML || c->params.part == COMPOSE_TEXT;
}

/* One email id belongs to one course. */
static int
check_course(struct compose *c, const struct recipient *r, struct fail *f)
{
	if (r->course_id.p == NULL && is_part(c))
		return 0;
	if (r->course_id.p == NULL)
		return fail_data(f, "\"course_id\" is missing");
	if (c->course_id.p == NULL)
		c->course_id = (struct str){
		    arena_dup(c->arena, r->course_id.p, r->course_id.n),
		    r->course_id.n};
	if (!str_eq(c->course_id, r->course_id))
		return fail_data(f, "course %.*s: this mailing is of %.*s",
		    (int)r->course_id.n, r->course_id.p, (int)c->course_id.n,
		    c->course_id.p);
	return 0;
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

/* The person's own link; the token alone says who and which course. */
static int
make_links(struct compose *c, const struct recipient *r, struct str key,
    struct str *token, struct fail *f)
{
	const struct compose_params *p = &c->params;
	struct token t = {
	    .key = key, .user_id = r->user_id, .course_id = r->course_id};
	struct buf b = {0};

	buf_reset(&c->url);
	buf_reset(&c->mailto);
	*token = (struct str){0};
	if (!p->optout || p->optout_url.p == NULL || p->keys == NULL ||
	    r->course_id.p == NULL)
		return 0;
	if (token_make(&b, p->keys, &t, f) != 0) {
		buf_free(&b);
		return -1;
	}
	link_optout(&c->url, p->optout_url, buf_str(&b));
	if (p->optout_mailto.p != NULL)
		link_mailto(&c->mailto, p->optout_mailto, buf_str(&b));
	*token = (struct str){c->url.p + c->url.len - b.len, b.len};
	buf_free(&b);
	return 0;
}

static struct str
present(const struct buf *b)
{
	return b->len > 0 ? buf_str(b) : (struct str){0};
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
		rc = header_clean(&c->subject_out, "subject", buf_str(&raw), f);
	buf_free(&raw);
	if (rc != 0)
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
render_bodies(
    struct compose *c, const struct fields *fs, struct arena *a, struct fail *f)
{
	buf_reset(&c->html_out);
	buf_reset(&c->text_out);
	if (template_render(c->html, &fs->data, a, &c->html_out, f) != 0)
		return -1;
	if (c->params.part == COMPOSE_HTML)
		return 0;
	return plain_render(c->plain, &fs->data, a, &c->text_out, f);
}

static bool
holds(const struct buf *b, struct str what)
{
	return what.p == NULL ||
	       (b->len > 0 && memmem(b->p, b->len, what.p, what.n) != NULL);
}

/* A section or an odd layout may have swallowed the link. */
static int
check_link(const struct compose *c, struct str token, struct composed *out,
    struct fail *f)
{
	out->html_footer = holds(&c->html_out, token) &&
			   template_uses(c->html, "postal_address");
	out->text_footer = holds(&c->text_out, token) &&
			   plain_uses(c->plain, "postal_address");
	if (c->params.lenient)
		return 0;
	if (!holds(&c->html_out, token))
		return fail_data(
		    f, "the HTML came out without the opt-out link");
	if (!holds(&c->text_out, token))
		return fail_data(
		    f, "the text came out without the opt-out link");
	return 0;
}

static struct str
title_of(const struct compose *c, const struct recipient *r, struct arena *a)
{
	const struct json_value *v = json_get(&c->set, "course_title");

	return v != NULL ? json_string(*v, a) : r->course_title;
}

/* The hash is over the mailing, of which the course and its title are part. */
static void
make_content(struct compose *c)
{
	const struct compose_params *p = &c->params;
	size_t count = 9 + p->header_count + p->set_count + p->more_count;
	struct str *items = mem_new(count * sizeof(*items));
	struct buf from = {0}, headers = {0};
	size_t n = 0, i, at;

	header_mailbox(&from, "From", buf_str(&c->display), c->from.wire);
	items[n++] = c->course_id;
	items[n++] = p->subject;
	items[n++] = p->body.bytes;
	items[n++] = p->text.bytes;
	items[n++] = p->layout.html;
	items[n++] = p->layout.text;
	items[n++] = buf_str(&from);
	items[n++] = p->reply_to;
	items[n++] = p->sender;
	for (i = 0; i < p->header_count; i++)
		buf_printf(&headers, "%s: %.*s", p->headers[i].name,
		    (int)p->headers[i].value.n, p->headers[i].value.p);
	for (i = 0, at = 0; i < p->header_count; i++) {
		size_t len =
		    strlen(p->headers[i].name) + 2 + p->headers[i].value.n;

		items[n++] = (struct str){headers.p + at, len};
		at += len;
	}
	for (i = 0; i < p->set_count; i++)
		items[n++] = c->sorted_sets[i];
	for (i = 0; i < p->more_count; i++)
		items[n++] = p->more_content[i];
	content_hash(c->content, items, n);
	buf_free(&from);
	buf_free(&headers);
	free(items);
}

/* Display name and content, made anew when the course's title has changed. */
static int
update_sender(struct compose *c, const struct recipient *r, struct arena *a,
    struct fail *f)
{
	struct buf display = {0};
	int rc = 0;

	if (c->from_name.p != NULL)
		buf_addstr(&display, c->from_name);
	else
		rc = sender_display(
		    &display, title_of(c, r, a), r->course_id, c->from.wire, f);
	if (rc != 0 || (c->content[0] != '\0' &&
			   str_eq(buf_str(&display), buf_str(&c->display)))) {
		buf_free(&display);
		return rc;
	}
	buf_free(&c->display);
	c->display = display;
	make_content(c);
	return 0;
}

static int
render_extra(
    struct compose *c, const struct fields *fs, struct arena *a, struct fail *f)
{
	size_t i;

	buf_reset(&c->head_out);
	for (i = 0; i < c->params.header_count; i++) {
		const char *name = c->params.headers[i].name;
		struct buf raw = {0}, clean = {0};
		int rc = template_render(c->headers[i], &fs->data, a, &raw, f);

		if (rc == 0)
			rc = header_clean(&clean, name, buf_str(&raw), f);
		if (rc == 0 && clean.len > 0)
			rc = head_put_extra(
			    &c->head_out, name, buf_str(&clean), f);
		buf_free(&raw);
		buf_free(&clean);
		if (rc != 0)
			return -1;
	}
	return 0;
}

static int
put_head(struct compose *c, const struct recipient *r, const struct addr *to,
    struct str ident, int64_t now, struct arena *a, struct fail *f)
{
	struct buf name = {0}, title = {0};
	struct str raw = title_of(c, r, a);
	struct head h = {.date = now,
	    .from_name = buf_str(&c->display),
	    .from_address = c->from.wire,
	    .from_domain = c->from.domain,
	    .fixed = buf_str(&c->fixed),
	    .to_address = to->wire,
	    .subject = buf_str(&c->subject_out),
	    .ident = ident,
	    .email_id = c->params.email_id,
	    .course_id = r->course_id,
	    .optout_url = present(&c->url),
	    .optout_mailto = present(&c->mailto),
	    .more = buf_str(&c->head_out)};
	int rc;

	rc = header_clean(&name, "name", r->name, f);
	if (rc == 0 && name.len > NAME_MAX_BYTES)
		rc = fail_data(
		    f, "the name is longer than %d bytes", NAME_MAX_BYTES);
	if (rc == 0)
		rc = header_clean(
		    &title, "course title", raw.n > 0 ? raw : r->course_id, f);
	h.to_name = buf_str(&name);
	h.course_title = buf_str(&title);
	if (rc == 0)
		rc = head_put(&c->message_out, &h, f);
	buf_free(&name);
	buf_free(&title);
	return rc;
}

static int
put_body(struct compose *c, const struct fields *fs, struct str ident,
    struct arena *a, struct fail *f)
{
	const struct compose_params *p = &c->params;
	struct parts parts = {.ident = ident,
	    .text = buf_str(&c->text_out),
	    .html = buf_str(&c->html_out),
	    .images = p->images,
	    .image_count = p->image_count};

	if (p->attach != NULL && p->attach(p->attach_ctx, &fs->data, a,
				     &parts.files, &parts.file_count, f) != 0)
		return -1;
	if (parts.text.n == 0)
		return fail_data(f, "the text came out empty");
	buf_adds(&c->message_out, "MIME-Version: 1.0\r\n");
	if (parts_put(&c->message_out, &parts, f) != 0)
		return -1;
	if (p->max_size > 0 && (int64_t)c->message_out.len > p->max_size)
		return fail_data(f, "the message has %zu bytes, %lld allowed",
		    c->message_out.len, (long long)p->max_size);
	return 0;
}

/* What the message could not carry is not shown, either. */
static int
check_part(const struct compose *c, struct fail *f)
{
	enum mime_encoding unused;

	if (mime_choose(&unused, buf_str(&c->html_out), "the HTML", f) != 0)
		return -1;
	return mime_choose(&unused, buf_str(&c->text_out), "the text", f);
}

static int
put_message(struct compose *c, const struct recipient *r, const struct addr *to,
    const struct fields *fs, int64_t now, struct arena *a, struct composed *out,
    struct fail *f)
{
	struct buf ident = {0};
	struct str id, all;
	const char *end;

	ident_message(&ident, c->params.email_id, to->key);
	id = (struct str){arena_dup(a, ident.p, ident.len), ident.len};
	buf_free(&ident);
	buf_reset(&c->message_out);
	if (render_extra(c, fs, a, f) != 0 ||
	    put_head(c, r, to, id, now, a, f) != 0 ||
	    put_body(c, fs, id, a, f) != 0)
		return -1;
	all = buf_str(&c->message_out);
	end = memmem(all.p, all.n, "\r\n\r\n", 4);
	out->headers = (struct str){all.p, (size_t)(end + 2 - all.p)};
	out->message = (struct message){.email_id = c->params.email_id,
	    .course_id = c->course_id,
	    .user_id = r->user_id,
	    .email = r->email,
	    .sender = c->params.envelope_sender.p != NULL
			  ? c->params.envelope_sender
			  : c->from.wire,
	    .content = str_of(c->content),
	    .expires = c->params.expires,
	    .message = all};
	return 0;
}

int
compose_record(struct compose *c, const struct recipient *record, int64_t now,
    struct arena *a, struct composed *out, struct fail *f)
{
	struct recipient r = *record;
	struct fields fs;
	struct addr to;
	struct str token;

	*out = (struct composed){0};
	if (r.course_id.p == NULL)
		r.course_id = c->params.course_id;
	if (addr_parse(&to, r.email, c->params.policy, a, f) != 0)
		return fail_prefix(f, "\"email\"");
	if (check_course(c, &r, f) != 0 || check_why(c, &r, f) != 0 ||
	    make_links(c, &r, to.key, &token, f) != 0)
		return -1;
	fields_init(&fs, &c->constants, &r, a);
	fields_add(&fs, "optout_url", present(&c->url), a);
	if (render_subject(c, &fs, a, f) != 0 ||
	    render_bodies(c, &fs, a, f) != 0)
		return -1;
	out->html = buf_str(&c->html_out);
	out->text = buf_str(&c->text_out);
	out->subject = buf_str(&c->subject_out);
	if (is_part(c))
		return check_part(c, f);
	if (check_link(c, token, out, f) != 0 ||
	    update_sender(c, &r, a, f) != 0)
		return -1;
	return put_message(c, &r, &to, &fs, now, a, out, f);
}
