#include "port/mailing/mailing.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "mail/html/markdown.h"
#include "mail/html/plain.h"
#include "mail/message/front_matter.h"
#include "port/mailing/attachments.h"
#include "port/mailing/text_file.h"

#define PARTIAL_SUFFIX ".mustache"

enum body_format { BODY_HTML, BODY_MARKDOWN, BODY_TEXT };

struct partial {
	const char *name; /* as templates call it */
	struct source source;
};

struct mailing {
	struct arena *arena;
	struct source body, text;
	struct layout layout;
	struct partial *partials;
	size_t partial_count;
	bool own_layout;                 /* a folder of the author's */
	struct attachments *attachments; /* or NULL */
	struct str *content;             /* for the fingerprint */
	size_t content_count;
};

static bool
has_suffix(const char *s, const char *suffix)
{
	size_t n = strlen(s), k = strlen(suffix);

	return n > k && strcmp(s + n - k, suffix) == 0;
}

static int
choose_format(
    const struct mailing_paths *p, enum body_format *format, struct fail *f)
{
	static const struct {
		const char *name, *suffixes[2];
	} formats[] = {[BODY_HTML] = {"html", {".html", ".htm"}},
	    [BODY_MARKDOWN] = {"markdown", {".md", ".markdown"}},
	    [BODY_TEXT] = {"text", {".txt", ".text"}}};

	for (int i = 0; i < 3; i++) {
		*format = (enum body_format)i;
		if (p->format == NULL
			? has_suffix(p->body, formats[i].suffixes[0]) ||
			      has_suffix(p->body, formats[i].suffixes[1])
			: strcmp(p->format, formats[i].name) == 0)
			return 0;
	}
	*format = BODY_HTML;
	if (p->format == NULL)
		return 0;
	return fail_system(
	    f, "--format %s: html, markdown or text is possible", p->format);
}

/* A text that is wrapped has no carriage returns at the ends of its lines. */
static struct str
drop_returns(struct str s, struct arena *a)
{
	char *out = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '\r')
			out[n++] = s.p[i];
		else if (i + 1 == s.n || s.p[i + 1] != '\n')
			out[n++] = '\n';
	}
	return (struct str){out, n};
}

/* The HTML of a body that is Markdown or text. */
static int
convert_body(struct mailing *m, enum body_format format, bool hard_breaks,
    struct fail *f)
{
	struct buf html = {0};
	int rc;

	m->body.markdown = format == BODY_TEXT
			       ? drop_returns(m->body.bytes, m->arena)
			       : m->body.bytes;
	rc = format == BODY_TEXT
		 ? plain_to_html(&html, m->body.markdown, f)
		 : markdown_to_html(&html, m->body.markdown, hard_breaks, f);
	if (rc == 0)
		m->body.bytes = arena_str(m->arena, buf_str(&html));
	buf_free(&html);
	return rc;
}

static int
read_body(struct mailing *m, const struct mailing_paths *p, struct fail *f)
{
	enum body_format format;

	m->body.name = p->body;
	if (choose_format(p, &format, f) < 0)
		return -1;
	if (p->hard_breaks && format == BODY_HTML)
		return fail_system(f,
		    "--hard-breaks: %s is HTML, where <br> breaks a line",
		    p->body);
	if (text_file_read(&m->body.bytes, p->body, m->arena, f) < 0)
		return -1;
	m->body.plain = format == BODY_TEXT;
	if (front_matter_check(m->body.bytes, f) < 0)
		return fail_system(f, "%s:1: %s", p->body, f->text);
	if (format != BODY_HTML &&
	    convert_body(m, format, p->hard_breaks, f) < 0)
		return fail_system(f, "%s: %s", p->body, f->text);
	return 0;
}

static int
read_layout(struct mailing *m, const struct mailing_paths *p, struct fail *f)
{
	struct layout *l = &m->layout;

	if (p->layout == NULL) {
		*l = layout_builtin(p->optout, m->arena);
		return 0;
	}
	if (strcmp(p->layout, "none") == 0)
		return 0;
	m->own_layout = true;
	l->html_name = arena_printf(m->arena, "%s/layout.html", p->layout);
	l->text_name = arena_printf(m->arena, "%s/layout.txt", p->layout);
	if (text_file_read(&l->html, l->html_name, m->arena, f) < 0)
		return -1;
	if (access(l->text_name, F_OK) < 0)
		return 0;
	return text_file_read(&l->text, l->text_name, m->arena, f);
}

static int
is_partial_file(const struct dirent *d)
{
	return has_suffix(d->d_name, PARTIAL_SUFFIX);
}

static int
read_partial(
    struct mailing *m, const char *dir, const char *file, struct fail *f)
{
	struct partial *p = &m->partials[m->partial_count++];
	size_t n = strlen(file) - strlen(PARTIAL_SUFFIX);

	p->name = arena_dup(m->arena, file, n);
	p->source.name = arena_printf(m->arena, "%s/%s", dir, file);
	return text_file_read(&p->source.bytes, p->source.name, m->arena, f);
}

/* Read every partial: the fingerprint must not depend on their use. */
static int
read_partials(struct mailing *m, const char *dir, struct fail *f)
{
	struct dirent **list;
	int n, i, rc = 0;

	if (dir == NULL)
		return 0;
	n = scandir(dir, &list, is_partial_file, alphasort);
	if (n < 0)
		return fail_errno(f, "%s", dir);
	m->partials =
	    arena_alloc(m->arena, ((size_t)n + 1) * sizeof(*m->partials));
	for (i = 0; i < n; i++) {
		if (rc == 0)
			rc = read_partial(m, dir, list[i]->d_name, f);
		free(list[i]);
	}
	free(list);
	return rc;
}

static struct template_source
find_partial(void *ctx, const char *name)
{
	struct mailing *m = ctx;
	size_t i;

	for (i = 0; i < m->partial_count; i++) {
		if (strcmp(m->partials[i].name, name) == 0)
			return (struct template_source){
			    .bytes = m->partials[i].source.bytes,
			    .name = m->partials[i].source.name};
	}
	return (struct template_source){0};
}

/* Pictures of the body, of a layout of one's own and of partials. */
static int
inline_images(struct mailing *m, bool files, struct fail *f)
{
	struct source layout = {
	    .bytes = m->layout.html, .name = m->layout.html_name};

	if (attachments_inline(m->attachments, &m->body, files, f) < 0)
		return -1;
	for (size_t i = 0; i < m->partial_count; i++)
		if (attachments_inline(
			m->attachments, &m->partials[i].source, false, f) < 0)
			return -1;
	if (!m->own_layout)
		return 0;
	if (attachments_inline(m->attachments, &layout, false, f) < 0)
		return -1;
	m->layout.html = layout.bytes;
	return 0;
}

static void
list_fingerprint_items(struct mailing *m)
{
	const struct str *files = NULL;
	size_t n = 0, i;

	if (m->attachments != NULL)
		n = attachments_content(m->attachments, &files);
	m->content = arena_alloc(
	    m->arena, (n + 2 * m->partial_count + 1) * sizeof(struct str));
	for (i = 0; i < m->partial_count; i++) {
		m->content[m->content_count++] = str_of(m->partials[i].name);
		m->content[m->content_count++] = m->partials[i].source.bytes;
	}
	for (i = 0; i < n; i++)
		m->content[m->content_count++] = files[i];
}

int
mailing_new(struct mailing **out, const struct mailing_paths *p, struct fail *f)
{
	struct mailing *m = mem_new(sizeof(*m));

	m->arena = arena_new();
	m->text.name = p->text;
	if (read_body(m, p, f) < 0 || read_layout(m, p, f) < 0 ||
	    read_partials(m, p->partials, f) < 0 ||
	    (p->text != NULL &&
		text_file_read(&m->text.bytes, p->text, m->arena, f) < 0) ||
	    attachments_new(&m->attachments, p, m->arena, f) < 0 ||
	    inline_images(m, p->images, f) < 0) {
		mailing_free(m);
		return -1;
	}
	list_fingerprint_items(m);
	*out = m;
	return 0;
}

void
mailing_free(struct mailing *m)
{
	if (m == NULL)
		return;
	attachments_free(m->attachments);
	arena_free(m->arena);
	free(m);
}

void
mailing_fill(struct mailing *m, struct compose_params *c)
{
	c->body = m->body;
	c->text = m->text;
	c->layout = m->layout;
	c->rules.partial = find_partial;
	c->rules.partial_ctx = m;
	c->more_content = m->content;
	c->more_count = m->content_count;
	if (m->attachments != NULL)
		attachments_fill(m->attachments, c);
}

void
mailing_sources(const struct mailing *m,
    void (*fn)(void *ctx, const struct source *), void *ctx)
{
	const struct source layout = {
	    .bytes = m->layout.html, .name = m->layout.html_name};
	size_t i;

	fn(ctx, &m->body);
	if (m->own_layout)
		fn(ctx, &layout);
	for (i = 0; i < m->partial_count; i++)
		fn(ctx, &m->partials[i].source);
}
