#include "mail/message/compose_message.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/json_get.h"
#include "base/mem.h"
#include "mail/bounce/verp.h"
#include "mail/mime/header_field.h"
#include "mail/mime/message_header.h"
#include "mail/mime/message_id.h"
#include "mail/mime/sender.h"
#include "mail/record/record.h"
#include "mail/template/template_render.h"

#define NAME_MAX_BYTES 4096

static struct str
find_title(const struct compose *c, const struct recipient *r, struct arena *a)
{
	const struct json_value *v = json_get(&c->set, "course_title");

	return v != NULL ? json_get_decoded(*v, a) : r->course_title;
}

/* The mailing includes the course and its title, so they count as well. */
static void
make_fingerprint(struct compose *c)
{
	const struct compose_params *p = &c->params;
	size_t count = 12 + p->header_count + p->set_count + p->more_count +
		       p->default_count;
	struct str *items = mem_new(count * sizeof(*items));
	struct buf from = {0}, headers = {0};
	size_t n = 0, i, at;

	header_field_mailbox(&from, "From", buf_str(&c->display), c->from.wire);
	items[n++] = c->course_id;
	items[n++] = p->subject;
	items[n++] = p->body.bytes;
	/* Of plain text the HTML does not show all, as two empty lines. */
	items[n++] = p->text.bytes.p == NULL && p->body.plain ? p->body.markdown
							      : p->text.bytes;
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
	if (p->why.p != NULL)
		items[n++] = p->why;
	if (p->base_url.p != NULL)
		items[n++] = p->base_url;
	if (p->default_count > 0)
		items[n++] = STR("default");
	for (i = 0; i < p->default_count; i++)
		items[n++] = c->sorted_defaults[i];
	fingerprint_make(c->content, items, n);
	buf_free(&from);
	buf_free(&headers);
	free(items);
}

/* Make display name and fingerprint again if the course's title has changed. */
static int
update_sender(struct compose *c, const struct recipient *r,
    const struct sender_words *words, struct arena *a, struct fail *f)
{
	struct buf display = {0};
	int rc = 0;

	if (c->from_name.p != NULL)
		buf_addstr(&display, c->from_name);
	else
		rc = sender_display(&display, find_title(c, r, a), r->course_id,
		    c->from.wire, words, f);
	if (rc < 0 || (c->content[0] != '\0' &&
			  str_eq(buf_str(&display), buf_str(&c->display)))) {
		buf_free(&display);
		return rc;
	}
	buf_free(&c->display);
	c->display = display;
	make_fingerprint(c);
	return 0;
}

static int
render_extra_headers(
    struct compose *c, const struct fields *fs, struct arena *a, struct fail *f)
{
	size_t i;

	buf_reset(&c->head_out);
	for (i = 0; i < c->params.header_count; i++) {
		const char *name = c->params.headers[i].name;
		struct buf raw = {0}, clean = {0};
		int rc = template_render(c->headers[i], &fs->data, a, &raw, f);

		if (rc == 0)
			rc = header_field_clean(&clean, name, buf_str(&raw), f);
		if (rc == 0 && clean.len > 0)
			rc = message_header_put_extra(
			    &c->head_out, name, buf_str(&clean), f);
		buf_free(&raw);
		buf_free(&clean);
		if (rc < 0)
			return -1;
	}
	return 0;
}

static int
put_header(struct compose *c, const struct recipient *r, const struct addr *to,
    struct str ident, int64_t now, struct arena *a, struct fail *f)
{
	struct buf name = {0}, title = {0};
	struct str raw = find_title(c, r, a);
	struct message_header h = {.date = now,
	    .from_name = buf_str(&c->display),
	    .from_address = c->from.wire,
	    .from_domain = c->from.domain,
	    .fixed = buf_str(&c->fixed),
	    .to_address = to->wire,
	    .subject = buf_str(&c->subject_out),
	    .ident = ident,
	    .email_id = c->params.email_id,
	    .course_id = r->course_id,
	    .optout_url = c->optout_url,
	    .optout_mailto = c->optout_mailto,
	    .more = buf_str(&c->head_out)};
	int rc;

	rc = header_field_clean(&name, "name", r->name, f);
	if (rc == 0 && name.len > NAME_MAX_BYTES)
		rc = fail_data(
		    f, "the name is longer than %d bytes", NAME_MAX_BYTES);
	if (rc == 0)
		rc = header_field_clean(
		    &title, "course title", raw.n > 0 ? raw : r->course_id, f);
	h.to_name = buf_str(&name);
	h.course_title = buf_str(&title);
	if (rc == 0)
		rc = message_header_put(&c->message_out, &h, f);
	buf_free(&name);
	buf_free(&title);
	return rc;
}

static int
put_mime_body(struct compose *c, const struct fields *fs, struct str ident,
    struct arena *a, struct composed *out, struct fail *f)
{
	const struct compose_params *p = &c->params;
	struct multipart parts = {.ident = ident,
	    .text = buf_str(&c->text_out),
	    .html = buf_str(&c->html_out),
	    .images = {p->images, p->image_count}};

	if (p->attach != NULL &&
	    p->attach(p->attach_ctx, &fs->data, a, &parts.files.parts,
		&parts.files.count, f) < 0)
		return -1;
	for (size_t i = 0; i < parts.files.count; i++)
		if (parts.files.parts[i].base64.n == 0)
			out->empty_file = parts.files.parts[i].filename;
	if (parts.text.n == 0)
		return fail_data(f, "the text came out empty");
	buf_adds(&c->message_out, "MIME-Version: 1.0\r\n");
	if (multipart_put(&c->message_out, &parts, f) < 0)
		return -1;
	if (p->max_size > 0 && (int64_t)c->message_out.len > p->max_size)
		return fail_data(f, "the message has %zu bytes, %lld allowed",
		    c->message_out.len, (long long)p->max_size);
	return 0;
}

static struct str
envelope_sender(const struct compose *c, const struct addr *to, struct arena *a)
{
	const struct compose_params *p = &c->params;
	struct buf b = {0};
	struct str sender;

	if (p->verp == NULL)
		return p->envelope_sender.p != NULL ? p->envelope_sender
						    : c->from.wire;
	verp_address(&b, p->verp, p->verp_secret, p->email_id, to->key);
	sender = arena_str(a, buf_str(&b));
	buf_free(&b);
	return sender;
}

static bool
is_set(const struct json_object *o, const char *name)
{
	const struct json_value *v = json_get(o, name);

	return v != NULL && v->type == JSON_TRUE;
}

int
compose_message(struct compose *c, const struct recipient *r,
    const struct addr *to, const struct fields *fs, int64_t now,
    struct arena *a, struct composed *out, struct fail *f)
{
	struct buf ident = {0};
	struct str id, all;
	const char *end;

	if (update_sender(c, r, &fs->words->staff, a, f) < 0)
		return -1;
	message_id_make(&ident, c->params.email_id, to->key);
	id = arena_str(a, buf_str(&ident));
	buf_free(&ident);
	buf_reset(&c->message_out);
	if (render_extra_headers(c, fs, a, f) < 0 ||
	    put_header(c, r, to, id, now, a, f) < 0 ||
	    put_mime_body(c, fs, id, a, out, f) < 0)
		return -1;
	all = buf_str(&c->message_out);
	end = memmem(all.p, all.n, "\r\n\r\n", 4);
	out->from_name = buf_str(&c->display);
	out->headers = (struct str){all.p, (size_t)(end + 2 - all.p)};
	out->message = (struct message){.email_id = c->params.email_id,
	    .course_id = c->course_id,
	    .user_id = r->user_id,
	    .user_number =
		r->user_id.p != NULL && record_user_id_is_number(&r->all),
	    .email = r->email,
	    .sender = envelope_sender(c, to, a),
	    .content = str_of(c->content),
	    .subject = c->params.subject,
	    .expires = c->params.expires,
	    .test = c->params.test,
	    .include_suppressed = is_set(&r->all, "include_suppressed"),
	    .message = all};
	return 0;
}
