#include "mail/message/lint.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "mail/html/html_reference.h"
#include "mail/html/html_tags.h"
#include "mail/message/lint_css.h"
#include "mail/message/lint_link.h"
#include "mail/message/lint_looks.h"
#include "mail/message/lint_report.h"
#include "mail/message/lint_swallowed.h"
#include "mail/message/lint_tags.h"

#define HTML_WARN (80 * 1024) /* Gmail cuts at 102,400 bytes */
#define SUBJECT_LONG 70       /* characters */
#define FONT_SMALL 14         /* px */

static bool
starts_nocase(struct str s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.n >= n && strncasecmp(s.p, prefix, n) == 0;
}

/* The value of a property in a style attribute, without its ";". */
static struct str
find_property(struct str style, const char *name)
{
	size_t n = strlen(name), i;

	for (i = 0; i + n < style.n; i++) {
		struct str rest = {style.p + i, style.n - i};
		const char *end;

		if (!starts_nocase(rest, name) ||
		    (i > 0 && rest.p[-1] != ' ' && rest.p[-1] != ';'))
			continue;
		rest = (struct str){rest.p + n, rest.n - n};
		while (rest.n > 0 && (rest.p[0] == ' ' || rest.p[0] == ':'))
			rest = (struct str){rest.p + 1, rest.n - 1};
		end = memchr(rest.p, ';', rest.n);
		if (end != NULL)
			rest.n = (size_t)(end - rest.p);
		return rest;
	}
	return (struct str){0};
}

static void
check_style_attribute(struct lint *l, const struct html_tag *t)
{
	struct str style = html_tags_value(t, "style"), size;
	char *end;
	double px;

	size = find_property(style, "font-size");
	if (size.n == 0 || size.n > 20)
		return;
	px = strtod(size.p, &end);
	if (px > 0 && px < FONT_SMALL && end + 2 <= size.p + size.n &&
	    strncasecmp(end, "px", 2) == 0)
		lint_report(l, t->at, "text smaller than 14 px");
}

static void
check_image(struct lint *l, const struct html_tag *t)
{
	struct str src = html_tags_value(t, "src");

	if (html_tags_value(t, "alt").p == NULL)
		lint_report(l, t->at, "an image without alt");
	if (starts_nocase(src, "http:"))
		lint_report(l, t->at, "an image that is http, not https");
}

/* The text of a link without tags and white space. */
static void
put_link_text(struct buf *b, struct str html, size_t at)
{
	bool inside = false;
	size_t i;

	for (i = at; i < html.n && b->len < 100; i++) {
		if (html.n - i >= 3 && strncasecmp(html.p + i, "</a", 3) == 0)
			break;
		if (html.p[i] == '<')
			inside = true;
		if (!inside && strchr(" \t\r\n", html.p[i]) == NULL)
			buf_addc(b, html.p[i]);
		if (html.p[i] == '>')
			inside = false;
	}
}

static void
check_link_text(struct lint *l, const struct html_tag *t)
{
	static const char *const empty[] = {
	    "here", "clickhere", "click", "link", "more", "readmore", "this"};
	struct buf b = {0};
	size_t i;

	put_link_text(&b, l->html, t->end);
	for (i = 0; i < sizeof(empty) / sizeof(empty[0]); i++) {
		if (str_is_nocase(buf_str(&b), empty[i]))
			lint_report(l, t->at,
			    "the text of a link does not say where it leads");
	}
	buf_free(&b);
}

static void
check_link_target(struct lint *l, const struct html_tag *t)
{
	struct str href = html_tags_value(t, "href");

	if (href.p == NULL)
		return;
	if (starts_nocase(href, "javascript:"))
		lint_report(l, t->at, "a javascript link");
	else if (starts_nocase(href, "http:"))
		lint_report(l, t->at, "a link that is http, not https");
	check_link_text(l, t);
}

static void
check_element(struct lint *l, const struct html_tag *t)
{
	static const char *const dead[] = {"script", "form", "iframe", "object",
	    "embed", "video", "audio", "canvas", "link", "base"};
	size_t i;

	for (i = 0; i < sizeof(dead) / sizeof(dead[0]); i++) {
		if (str_is_nocase(t->name, dead[i])) {
			lint_report(
			    l, t->at, "an element that mail programs drop");
			return;
		}
	}
	if (str_is_nocase(t->name, "img"))
		check_image(l, t);
	else if (str_is_nocase(t->name, "a"))
		check_link_target(l, t);
	else if (str_is_nocase(t->name, "html") &&
		 html_tags_value(t, "lang").n == 0)
		lint_report(l, t->at, "html without lang");
}

/* content: of a style or script element; for other elements empty. */
static void
check_style_sheet(struct lint *l, const struct html_tag *t, struct str content)
{
	if (memmem(content.p, content.n, "@import", strlen("@import")) != NULL)
		lint_report(l, t->at,
		    "a style sheet from outside: mail programs drop it");
	if (str_is_nocase(t->name, "style"))
		lint_css_sheet(l, content);
}

static void
check_handlers(struct lint *l, const struct html_tag *t)
{
	struct str name, value;
	size_t at = 0;

	while (html_tags_attribute(t->attributes, &at, &name, &value)) {
		if (name.n > 2 && starts_nocase(name, "on"))
			lint_report(l, t->at, "a script in an attribute");
	}
}

void
lint_html(const struct source *source, lint_finding_fn *fn, void *ctx)
{
	struct str html = source->bytes;
	struct lint l = {
	    .source = source, .html = html, .report = fn, .ctx = ctx};
	struct html_tag t;
	size_t at = 0;

	while (!l.full && html_tags_next(html, &at, &t)) {
		if (t.closing)
			continue;
		lint_link_tag(&l, &t);
		check_element(&l, &t);
		lint_looks_tag(&l, &t);
		check_style_attribute(&l, &t);
		check_handlers(&l, &t);
		check_style_sheet(
		    &l, &t, (struct str){html.p + t.end, at - t.end});
	}
	lint_swallowed_html(&l);
	if (memmem(html.p, html.n, "{{=", 3) == NULL)
		lint_tags_html(&l);
}

static bool
is_shouting(struct str s)
{
	size_t i, upper = 0;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] >= 'a' && s.p[i] <= 'z')
			return false;
		upper += ascii_is_upper(s.p[i]);
	}
	return upper > 5;
}

static bool
has_emoji(struct str s)
{
	size_t i = 0;

	while (i < s.n) {
		uint32_t cp = utf8_next(s.p, s.n, &i);

		if ((cp >= 0x2600 && cp <= 0x27BF) ||
		    (cp >= 0x1F300 && cp <= 0x1FAFF))
			return true;
	}
	return false;
}

/* The name tells the sender and does not try to catch the eye. */
static void
check_sender_name(const struct composed *c, const char *file, size_t line,
    lint_finding_fn *fn, void *ctx)
{
	struct str name = c->from_name;

	if (memchr(name.p, '@', name.n) != NULL)
		fn(ctx, file, line, "the sender's name has an address in it");
	if (has_emoji(name))
		fn(ctx, file, line, "the sender's name has a picture in it");
}

static void
report_joined(const char *text, struct str words, const char *file, size_t line,
    lint_finding_fn *fn, void *ctx)
{
	struct buf b = {0};

	buf_adds(&b, text);
	buf_addstr(&b, words);
	fn(ctx, file, line, buf_cstr(&b));
	buf_free(&b);
}

/* An image that the message lacks: the addresses of its own end so. */
static void
check_parts(const struct composed *c, const char *file, size_t line,
    lint_finding_fn *fn, void *ctx)
{
	static const char own[] = "@bm";
	struct html_tag t;
	size_t at = 0, n = sizeof(own) - 1;

	while (html_tags_next(c->html, &at, &t)) {
		struct str src = html_tags_value(&t, "src");

		if (starts_nocase(src, "cid:") &&
		    memcmp(src.p + src.n - n, own, n) != 0)
			report_joined("error: a picture that is no part of the "
				      "message: ",
			    src, file, line, fn, ctx);
	}
}

/* Tags, and references that only HTML has. */
static void
check_subject_tags(
    struct str s, const char *file, size_t line, lint_finding_fn *fn, void *ctx)
{
	struct buf unused = {0};
	struct str tag;
	size_t at = 0, i, n;

	while ((tag = lint_tags_next(s, &at)).p != NULL)
		report_joined(LINT_TAGS_TEXT " in the subject: ", tag, file,
		    line, fn, ctx);
	for (i = 0; i < s.n; i++) {
		if (s.p[i] != '&')
			continue;
		n = html_reference_put(&unused, s.p + i, s.n - i, true);
		if (n > 0 && s.p[i + n - 1] == ';')
			report_joined("error: a reference of HTML in the "
				      "subject: ",
			    (struct str){s.p + i, n}, file, line, fn, ctx);
	}
	buf_free(&unused);
}

void
lint_message(const struct composed *c, const char *file, size_t line,
    lint_finding_fn *fn, void *ctx)
{
	check_sender_name(c, file, line, fn, ctx);
	if (c->html.n > HTML_WARN)
		fn(ctx, file, line,
		    "HTML of more than 80 KB: Gmail cuts it at 100 KB, with "
		    "the opt-out link");
	if (utf8_length(c->subject) > SUBJECT_LONG)
		fn(ctx, file, line, "a subject of more than 70 characters");
	if (starts_nocase(c->subject, "re:") ||
	    starts_nocase(c->subject, "fwd:") ||
	    starts_nocase(c->subject, "fw:"))
		fn(ctx, file, line, "a subject that pretends to be an answer");
	if (is_shouting(c->subject) ||
	    memmem(c->subject.p, c->subject.n, "!!", 2) != NULL)
		fn(ctx, file, line, "a subject that shouts");
	check_parts(c, file, line, fn, ctx);
	check_subject_tags(c->subject, file, line, fn, ctx);
	if (c->empty_file.p != NULL)
		report_joined("a file without content: ", c->empty_file, file,
		    line, fn, ctx);
	if (c->hidden.p != NULL)
		report_joined("error: ", c->hidden, file, line, fn, ctx);
	if (!c->html_footer)
		fn(ctx, file, line,
		    "error: the HTML part lacks the opt-out link or the postal "
		    "address");
	if (!c->text_footer)
		fn(ctx, file, line,
		    "error: the text part lacks the opt-out link or the postal "
		    "address");
}
