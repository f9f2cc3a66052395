#include "mail/message/review.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/escape.h"
#include "base/mem.h"
#include "mail/message/lint.h"
#include "mail/message/lint_link.h"
#include "mail/mime/mime.h"

#define FINDINGS_MAX 1000

struct review {
	bool based;    /* the messages have resolved links */
	size_t errors; /* of the findings */
	struct arena *arena;
	const char **findings;
	size_t count;
	size_t wanted; /* further samples to show */
	struct buf samples;
};

struct review *
review_new(size_t samples)
{
	struct review *r = mem_new(sizeof(*r));

	r->arena = arena_new();
	r->findings =
	    arena_alloc(r->arena, FINDINGS_MAX * sizeof(*r->findings));
	r->wanted = samples;
	return r;
}

void
review_free(struct review *r)
{
	if (r == NULL)
		return;
	buf_free(&r->samples);
	arena_free(r->arena);
	free(r);
}

/* Most records share a finding, which is reported for one record only. */
static bool
is_known_finding(const struct review *r, const char *finding, const char *text)
{
	size_t i, n = strlen(text);

	for (i = 0; i < r->count; i++) {
		const char *have = r->findings[i];
		size_t k = strlen(have);

		if (strcmp(have, finding) == 0 ||
		    (strncmp(finding, "stdin:", 6) == 0 && k > n &&
			strcmp(have + k - n, text) == 0))
			return true;
	}
	return false;
}

static bool
add_finding(void *ctx, const char *file, size_t line, const char *text)
{
	struct review *r = ctx;
	const char *finding =
	    arena_printf(r->arena, "%s:%zu: %s", file, line, text);

	if (r->count < FINDINGS_MAX && !is_known_finding(r, finding, text)) {
		r->findings[r->count++] = finding;
		r->errors += str_starts(str_of(text), "error: ");
	}
	return r->count < FINDINGS_MAX;
}

/* The sources are read before the base is known. */
static void
drop_relative(struct review *r)
{
	size_t i, n = 0;

	for (i = 0; i < r->count; i++) {
		if (strstr(r->findings[i], ": " LINT_LINK_RELATIVE) != NULL)
			r->errors--;
		else
			r->findings[n++] = r->findings[i];
	}
	r->count = n;
	r->based = true;
}

void
review_source(void *ctx, const struct source *source)
{
	struct review *r = ctx;

	lint_html(source, add_finding, r);
}

/* Append s with each occurrence of one text replaced by another. */
static void
put_replaced(struct buf *b, struct str s, struct str old, struct str new)
{
	const char *p;

	while ((p = memmem(s.p, s.n, old.p, old.n)) != NULL) {
		buf_add(b, s.p, (size_t)(p - s.p));
		buf_addstr(b, new);
		p += old.n;
		s.n -= (size_t)(p - s.p);
		s.p = p;
	}
	buf_addstr(b, s);
}

/* cid: addresses work within a message only: write data: addresses. */
static void
put_html_with_images(
    struct buf *out, struct str html, const struct compose_params *p)
{
	struct buf from = {0}, to = {0}, next = {0};
	size_t i, k;

	buf_addstr(out, html);
	for (i = 0; i < p->image_count; i++) {
		const struct multipart_part *image = &p->images[i];

		buf_reset(&from);
		buf_reset(&to);
		buf_reset(&next);
		buf_adds(&from, "cid:");
		buf_addstr(&from, image->cid);
		buf_printf(&to, "data:%s;base64,", image->type);
		for (k = 0; k < image->base64.n; k++) {
			if (image->base64.p[k] > ' ')
				buf_addc(&to, image->base64.p[k]);
		}
		put_replaced(&next, buf_str(out), buf_str(&from), buf_str(&to));
		buf_reset(out);
		buf_addstr(out, buf_str(&next));
	}
	buf_free(&from);
	buf_free(&to);
	buf_free(&next);
}

/*
 * The page shows both colour schemes on every system: a dark frame always
 * applies the dark rules, a light one never does.
 */
static void
put_html_frame(struct buf *b, struct str html, int width, bool dark)
{
	struct buf shown = {0};

	put_replaced(&shown, html, STR("(prefers-color-scheme: dark)"),
	    dark ? STR("(min-width: 0px)") : STR("(max-width: 0px)"));
	buf_printf(b,
	    "<figure><figcaption>%s, %s</figcaption>\n"
	    "<iframe sandbox title=\"HTML, %s, %s\" style=\"width: %dpx; "
	    "color-scheme: %s\" srcdoc=\"",
	    width < 600 ? "telephone" : "desk", dark ? "dark" : "light",
	    width < 600 ? "telephone" : "desk", dark ? "dark" : "light", width,
	    dark ? "dark" : "light");
	escape_html(b, buf_str(&shown));
	buf_adds(b, "\"></iframe></figure>\n");
	buf_free(&shown);
}

static void
put_text_column(struct buf *b, const char *title, struct str text)
{
	buf_printf(b, "<div>\n<h3>%s</h3>\n<pre>", title);
	escape_html(b, text);
	buf_adds(b, "</pre>\n</div>\n");
}

static void
add_sample(
    struct review *r, const struct composed *c, const struct compose_params *p)
{
	struct buf html = {0}, *b = &r->samples;

	put_html_with_images(&html, c->html, p);
	buf_adds(b, "<section>\n<h2>");
	escape_html(b, c->message.email);
	buf_adds(b, "</h2>\n<p class=\"subject\" dir=\"auto\">");
	escape_html(b, c->subject);
	buf_adds(b, "</p>\n<h3>HTML</h3>\n<div class=\"frames\">\n");
	put_html_frame(b, buf_str(&html), 320, false);
	put_html_frame(b, buf_str(&html), 320, true);
	put_html_frame(b, buf_str(&html), 800, false);
	put_html_frame(b, buf_str(&html), 800, true);
	buf_adds(b, "</div>\n<div class=\"columns\">\n");
	put_text_column(b, "Text", c->text);
	put_text_column(b, "Header", c->headers);
	buf_adds(b, "</div>\n</section>\n");
	buf_free(&html);
}

void
review_message(struct review *r, const struct composed *c,
    const struct compose_params *p, const char *file, size_t line)
{
	if (c->based && !r->based)
		drop_relative(r);
	lint_message(c, file, line, add_finding, r);
	if (r->wanted == 0)
		return;
	r->wanted--;
	add_sample(r, c, p);
}

size_t
review_findings(const struct review *r, struct buf *b)
{
	size_t i;

	for (i = 0; i < r->count; i++) {
		buf_adds(b, r->findings[i]);
		buf_addc(b, '\n');
	}
	return r->count;
}

size_t
review_errors(const struct review *r)
{
	return r->errors;
}

static const char page_head[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"en\">\n"
    "<head>\n"
    "<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
    "'none'; style-src 'unsafe-inline'; img-src data:\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, "
    "initial-scale=1\">\n"
    "<title>Preview of ";

static const char page_style[] =
    "</title>\n"
    "<style>\n"
    ":root { color-scheme: light dark; --ink: #202124; --paper: #ffffff; "
    "--shade: #f1f3f4; --line: #5f6368; }\n"
    "@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; "
    "--paper: #14171a; --shade: #1f2428; --line: #9aa0a6; } }\n"
    "body { margin: 0 auto; padding: 1rem; max-width: 1700px; "
    "font: 16px/1.5 system-ui, sans-serif; color: var(--ink); "
    "background: var(--paper); overflow-wrap: anywhere; }\n"
    "section { margin-top: 2rem; border-top: 2px solid var(--line); }\n"
    ".subject { font-size: 1.25rem; margin: 0; }\n"
    ".findings { padding: 0.5rem 1rem 0.5rem 2.5rem; "
    "border-inline-start: 4px solid #d93025; background: var(--shade); }\n"
    "pre { margin: 0; padding: 1rem; background: var(--shade); "
    "white-space: pre-wrap; unicode-bidi: plaintext; }\n"
    ".frames { display: flex; flex-wrap: wrap; gap: 1rem; }\n"
    ".columns { display: grid; gap: 0 1rem; grid-template-columns: "
    "repeat(auto-fit, minmax(min(100%, 40rem), 1fr)); }\n"
    "figure { margin: 0; max-width: 100%; }\n"
    "iframe { display: block; max-width: 100%; height: 720px; "
    "border: 1px solid var(--line); background: #ffffff; }\n"
    "</style>\n"
    "</head>\n"
    "<body>\n"
    "<main>\n"
    "<h1>Preview of ";

void
review_page(const struct review *r, struct str email_id, struct buf *b)
{
	size_t i;

	buf_adds(b, page_head);
	escape_html(b, email_id);
	buf_adds(b, page_style);
	escape_html(b, email_id);
	buf_adds(b, "</h1>\n<h2>Findings</h2>\n");
	if (r->count == 0)
		buf_adds(b, "<p>None.</p>\n");
	else
		buf_adds(b, "<ul class=\"findings\">\n");
	for (i = 0; i < r->count; i++) {
		buf_adds(b, "<li>");
		escape_html(b, str_of(r->findings[i]));
		buf_adds(b, "</li>\n");
	}
	if (r->count > 0)
		buf_adds(b, "</ul>\n");
	buf_addstr(b, buf_str(&r->samples));
	buf_adds(b, "</main>\n</body>\n</html>\n");
}
