#include "mail/message/lint.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "mail/html/html_tags.h"
#include "mail/message/keyword.h"

#define HTML_WARN (80 * 1024) /* Gmail cuts at 102,400 bytes */
#define SUBJECT_LONG 70       /* characters */
#define FONT_SMALL 14         /* px */
#define TAG_MAX 60            /* bytes; a longer text is no tag */

struct lint {
	const struct source *source;
	struct str html; /* its bytes */
	lint_fn *report;
	void *ctx;
	bool full;
	size_t at, line; /* position of the last finding */
};

static void
report_line(struct lint *l, size_t line, const char *text)
{
	l->full = l->full || !l->report(l->ctx, l->source->name, line, text);
}

/* Findings come in order: count lines from the last finding on. */
static void
report_at(struct lint *l, size_t at, const char *text)
{
	struct str rest = {l->html.p + l->at, l->html.n - l->at};

	if (l->full)
		return;
	if (l->source->markdown.p != NULL) {
		report_line(l, source_line(l->source, at), text);
		return;
	}
	l->line += html_tags_line(rest, at - l->at) - 1;
	l->at = at;
	report_line(l, l->line, text);
}

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

	if (starts_nocase(find_property(style, "display"), "none") ||
	    starts_nocase(find_property(style, "visibility"), "hidden") ||
	    html_tags_value(t, "hidden").p != NULL)
		report_at(
		    l, t->at, "hidden text: providers take it for a trick");
	size = find_property(style, "font-size");
	if (size.n == 0 || size.n > 20)
		return;
	px = strtod(size.p, &end);
	if (px > 0 && px < FONT_SMALL && end + 2 <= size.p + size.n &&
	    strncasecmp(end, "px", 2) == 0)
		report_at(l, t->at, "text smaller than 14 px");
}

static void
check_image(struct lint *l, const struct html_tag *t)
{
	struct str src = html_tags_value(t, "src");

	if (html_tags_value(t, "alt").p == NULL)
		report_at(l, t->at, "an image without alt");
	if (starts_nocase(src, "http:"))
		report_at(l, t->at, "an image that is http, not https");
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
			report_at(l, t->at,
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
	if (href.n == 0 || str_is(href, "#"))
		report_at(l, t->at, "a link that leads nowhere");
	else if (starts_nocase(href, "javascript:"))
		report_at(l, t->at, "a javascript link");
	else if (starts_nocase(href, "http:"))
		report_at(l, t->at, "a link that is http, not https");
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
			report_at(
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
		report_at(l, t->at, "html without lang");
}

/* content: of a style or script element; for other elements empty. */
static void
check_style_sheet(struct lint *l, const struct html_tag *t, struct str content)
{
	if (memmem(content.p, content.n, "@import", strlen("@import")) != NULL)
		report_at(l, t->at,
		    "a style sheet from outside: mail programs drop it");
}

static void
check_handlers(struct lint *l, const struct html_tag *t)
{
	struct str name, value;
	size_t at = 0;

	while (html_tags_attribute(t->attributes, &at, &name, &value)) {
		if (name.n > 2 && starts_nocase(name, "on"))
			report_at(l, t->at, "a script in an attribute");
	}
}

/* The length of the tag of another mail system, or 0. */
static size_t
foreign_tag_length(struct str s, const char *open, const char *close)
{
	size_t n = strlen(open), k = strlen(close);
	size_t near = s.n - n < TAG_MAX ? s.n - n : TAG_MAX;
	const char *end = memmem(s.p + n, near, close, k);
	struct str inner = {s.p + n, 0};

	if (end == NULL)
		return 0;
	inner.n = (size_t)(end - inner.p);
	if (inner.n == 0 || memchr(inner.p, '\n', inner.n) != NULL ||
	    memchr(inner.p, ' ', inner.n) != NULL)
		return 0;
	return n + inner.n + k;
}

/* Tags of other mail systems, and unknown keywords: both stay in the text. */
static void
check_foreign_tags(struct lint *l)
{
	static const struct {
		const char *open, *close;
	} kinds[] = {{"%%", "%%"}, {"*|", "|*"}, {"<%", "%>"}, {"${", "}"}};
	const struct source *source = l->source;
	struct str s =
	    source->markdown.p != NULL ? source->markdown : source->bytes;
	size_t at, kind, n, line = 1;

	for (at = 0; at + 2 < s.n && !l->full; at += n) {
		struct str rest = {s.p + at, s.n - at};

		line += *rest.p == '\n';
		n = keyword_length(rest);
		for (kind = 0; n == 0 && kind < 4; kind++) {
			if (!str_starts(rest, kinds[kind].open))
				continue;
			n = foreign_tag_length(
			    rest, kinds[kind].open, kinds[kind].close);
			if (n > 0)
				report_line(
				    l, line, "a tag that nothing replaces");
		}
		n += n == 0;
	}
}

void
lint_html(const struct source *source, lint_fn *fn, void *ctx)
{
	struct str html = source->bytes;
	struct lint l = {.source = source,
	    .html = html,
	    .report = fn,
	    .ctx = ctx,
	    .line = 1};
	struct html_tag t;
	size_t at = 0;

	while (!l.full && html_tags_next(html, &at, &t)) {
		if (t.closing)
			continue;
		check_element(&l, &t);
		check_style_attribute(&l, &t);
		check_handlers(&l, &t);
		check_style_sheet(
		    &l, &t, (struct str){html.p + t.end, at - t.end});
	}
	check_foreign_tags(&l);
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
    lint_fn *fn, void *ctx)
{
	struct str name = c->from_name;

	if (memchr(name.p, '@', name.n) != NULL)
		fn(ctx, file, line, "the sender's name has an address in it");
	if (has_emoji(name))
		fn(ctx, file, line, "the sender's name has a picture in it");
}

void
lint_message(const struct composed *c, const char *file, size_t line,
    lint_fn *fn, void *ctx)
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
	if (!c->html_footer)
		fn(ctx, file, line,
		    "the HTML part lacks the opt-out link or the postal "
		    "address");
	if (!c->text_footer)
		fn(ctx, file, line,
		    "the text part lacks the opt-out link or the postal "
		    "address");
}
