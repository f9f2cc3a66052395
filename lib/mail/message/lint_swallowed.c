#include "mail/message/lint_swallowed.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "mail/html/html_shown.h"
#include "mail/html/html_tags.h"

/* All of the standard, and those of before: 4 and 16.2 of WHATWG HTML. */
static const char elements[] =
    " a abbr acronym address applet area article aside audio b base basefont "
    "bdi bdo bgsound big blink blockquote body br button canvas caption center "
    "cite code col colgroup command content data datalist dd del details dfn "
    "dialog dir div dl dt element em embed fencedframe fieldset figcaption "
    "figure font footer form frame frameset geolocation h1 h2 h3 h4 h5 h6 head "
    "header hgroup hr html i iframe image img input ins install isindex kbd "
    "keygen label layer legend li link listing main map mark marquee math menu "
    "menuitem meta meter model multicol nav nextid nobr noembed noframes "
    "nolayer noscript object ol optgroup option output p param permission "
    "picture plaintext portal pre progress q rb rbc rp rt rtc ruby s samp "
    "script search section select selectedcontent shadow slot small source "
    "spacer span strike strong style sub summary sup svg table tbody td "
    "template textarea tfoot th thead time title tr track tt u ul usermedia "
    "var video wbr xml xmp ";

/* Attributes that are written without a value, or by editors with none. */
static const char attributes[] =
    " align allowfullscreen alt async autofocus autoplay bgcolor border "
    "checked class color cols compact contenteditable controls declare "
    "default defer dir disabled download draggable formnovalidate headers "
    "height hidden href hspace id inert ismap itemscope lang loop multiple "
    "muted name nohref nomodule noresize noshade novalidate nowrap open "
    "playsinline popover readonly rel required reversed role rows scope "
    "scoped seamless selected sizes spellcheck src srcset style summary "
    "tabindex target title translate truespeed type typemustmatch value "
    "vspace width ";

static const char swallowed[] =
    "error: text that is read as a tag, which no reader sees";

/* True if the name, in any case, is one of the list. */
static bool
is_name_of(struct str name, const char *list)
{
	for (const char *p = list + 1; *p != '\0'; p = strchr(p, ' ') + 1) {
		size_t i = 0;

		while (i < name.n && p[i] == ascii_lower(name.p[i]))
			i++;
		if (i == name.n && p[i] == ' ')
			return true;
	}
	return false;
}

/* Only letters, digits and the signs that names of XML have. */
static bool
is_plain_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) &&
		    (s.p[i] == '\0' || strchr("-_.", s.p[i]) == NULL))
			return false;
	return s.n > 0 && ascii_is_letter(s.p[0]);
}

/* Word's o:p, v:shape, st1:place; not https: or mailto:ann. */
static bool
is_prefixed(struct str name)
{
	struct str local = name;
	struct str prefix = str_take(&local, STR(":"));

	return prefix.n < name.n && prefix.n <= 4 && is_plain_name(prefix) &&
	       is_plain_name(local) && !str_is_nocase(prefix, "http") &&
	       !str_is_nocase(prefix, "ftp") && !str_is_nocase(prefix, "tel");
}

static bool
has_end_tag(struct str html, size_t at, struct str name)
{
	for (; at + 2 + name.n < html.n; at++) {
		const char *p = memmem(html.p + at, html.n - at, "</", 2);
		size_t i = 0;

		if (p == NULL)
			return false;
		at = (size_t)(p - html.p);
		while (i < name.n && at + 2 + i < html.n &&
		       ascii_lower(p[2 + i]) == ascii_lower(name.p[i]))
			i++;
		if (i == name.n)
			return true;
	}
	return false;
}

/* An element of a program's own, x-card, has attributes or an end. */
static bool
is_custom(struct str html, const struct html_token *t)
{
	return is_plain_name(t->name) &&
	       memchr(t->name.p, '-', t->name.n) != NULL &&
	       (memchr(t->attributes.p, '=', t->attributes.n) != NULL ||
		   has_end_tag(html, t->end, t->name));
}

/* An end quote is missing, which is another finding. */
static bool
has_stray_quote(struct str s)
{
	struct str key, value;
	size_t at = 0;

	while (html_tags_attribute(s, &at, &key, &value))
		if (memchr(key.p, '"', key.n) != NULL ||
		    memchr(key.p, '\'', key.n) != NULL)
			return true;
	return false;
}

/* <b then swap> has words where attributes stand. */
static bool
has_words(struct str s)
{
	struct str key, value;
	size_t at = 0;

	while (html_tags_attribute(s, &at, &key, &value))
		if (value.p == NULL && !is_name_of(key, attributes) &&
		    !str_starts_nocase(key, "data-") &&
		    !str_starts_nocase(key, "aria-") &&
		    memchr(key.p, ':', key.n) == NULL)
			return !has_stray_quote(s);
	return false;
}

static bool
is_template(struct str s)
{
	return s.n > 0 && memmem(s.p, s.n, "{{", 2) != NULL;
}

/* <<Name>> is a merge tag, another finding. */
static bool
is_between_brackets(struct str html, const struct html_token *t)
{
	return t->at > 0 && html.p[t->at - 1] == '<' && t->end < html.n &&
	       html.p[t->end] == '>';
}

static bool
is_text_as_tag(struct str html, const struct html_token *t)
{
	struct str whole = {html.p + t->at, t->end - t->at};

	if (is_template(whole) || is_between_brackets(html, t))
		return false;
	if (is_name_of(t->name, elements))
		return has_words(t->attributes);
	return !is_prefixed(t->name) && !is_custom(html, t);
}

/* </3, <?= and the like; not what documents and Word begin with. */
static bool
is_text_as_comment(struct str html, const struct html_token *t)
{
	static const char *const good[] = {
	    "<!--", "<!doctype", "<![", "<!>", "</>", "<?xml"};
	struct str whole = {html.p + t->at, t->end - t->at};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (str_starts_nocase(whole, good[i]))
			return false;
	return !is_template(whole);
}

void
lint_swallowed_html(struct lint *l)
{
	struct html_shown *shown = mem_new(sizeof(*shown));
	const struct html_token *t = &shown->token;
	size_t foreign = 0; /* depth of svg and math, whose names are theirs */

	html_shown_init(shown, l->html);
	while (!l->full && html_shown_next(shown)) {
		bool start = t->kind == HTML_TOKEN_START;
		bool root = (start || t->kind == HTML_TOKEN_END) &&
			    is_name_of(t->name, " svg math ");

		if (root && !t->self_closed)
			foreign = start         ? foreign + 1
				  : foreign > 0 ? foreign - 1
						: 0;
		if ((start && foreign == 0 && is_text_as_tag(l->html, t)) ||
		    (t->kind == HTML_TOKEN_COMMENT &&
			is_text_as_comment(l->html, t)))
			lint_report_words(l, t->at, swallowed,
			    (struct str){l->html.p + t->at, t->end - t->at});
	}
	free(shown);
}
