#include "mail/message/footer.h"

#include <string.h>

#include "base/ascii.h"
#include "mail/html/html_shown.h"
#include "mail/html/html_tags.h"

struct look {
	const struct footer *footer;
	struct html_shown shown;
	bool in_link, link, address;
	struct html_cover body, over_link, over_address;
};

static bool
has_bytes(struct str s, struct str what)
{
	return what.n > 0 && s.n >= what.n &&
	       memmem(s.p, s.n, what.p, what.n) != NULL;
}

static struct str
token_text(const struct look *l)
{
	const struct html_token *t = &l->shown.token;

	return (struct str){l->shown.html.p + t->at, t->end - t->at};
}

/* The cover of what stands in the token, small letters included. */
static struct html_cover
find_cover(const struct look *l)
{
	const struct html_shown *s = &l->shown;

	return s->here.kind == HTML_COVER_NONE ? s->font : s->here;
}

static bool
leads_out(const struct look *l)
{
	const struct html_token *t = &l->shown.token;
	struct str key, value;
	size_t at = 0;

	if (t->kind != HTML_TOKEN_START ||
	    (!str_is_nocase(t->name, "a") && !str_is_nocase(t->name, "area")))
		return false;
	while (html_tags_attribute(t->attributes, &at, &key, &value))
		if (str_is_nocase(key, "href"))
			return has_bytes(value, l->footer->token);
	return false;
}

static bool
is_white(struct str s)
{
	while (s.n > 0 && ascii_is_space(s.p[0]))
		s = (struct str){s.p + 1, s.n - 1};
	return s.n == 0;
}

static void
look_for_link(struct look *l)
{
	const struct html_shown *s = &l->shown;
	const struct html_token *t = &s->token;
	bool leads = leads_out(l);

	if (leads && s->after.kind == HTML_COVER_NONE)
		l->in_link = true;
	else if (str_is_nocase(t->name, "a") && t->kind != HTML_TOKEN_TEXT &&
		 s->here.kind == HTML_COVER_TAG)
		l->in_link = false;
	if (l->in_link && find_cover(l).kind == HTML_COVER_NONE &&
	    t->kind == HTML_TOKEN_TEXT && !is_white(token_text(l)))
		l->link = true;
	if (l->in_link && t->kind == HTML_TOKEN_START &&
	    str_is_nocase(t->name, "img") && s->here.kind == HTML_COVER_TAG)
		l->link = true;
	if (!has_bytes(token_text(l), l->footer->token))
		return;
	if (t->kind == HTML_TOKEN_TEXT && find_cover(l).kind == HTML_COVER_NONE)
		l->link = true;
	l->over_link = leads ? s->after : find_cover(l);
}

/* An address of several lines has tags in it: its first byte counts. */
static void
look_for_address(struct look *l)
{
	const struct html_shown *s = &l->shown;
	const struct html_token *t = &s->token;
	struct str rest = {s->html.p + t->at, s->html.n - t->at};
	struct html_cover cover = find_cover(l);
	size_t begun = t->end - t->at + l->footer->address.n;

	/* All that begins in the token, as far as it reaches. */
	if (begun > 0 && rest.n > begun - 1)
		rest.n = begun - 1;
	if (!has_bytes(rest, l->footer->address))
		return;
	if (cover.kind == HTML_COVER_NONE ||
	    (cover.kind == HTML_COVER_TAG && l->footer->address.p[0] == '<'))
		l->address = true;
	else
		l->over_address = cover;
}

/* Note what hides the end of the body, which the token reaches. */
static void
look_at_body(struct look *l)
{
	const struct html_shown *s = &l->shown;

	l->body =
	    s->token.kind == HTML_TOKEN_TEXT || s->token.end == l->footer->body
		? s->after
		: s->here;
}

enum footer_fault
footer_check(const struct footer *f, struct html_cover *cover)
{
	struct look l = {.footer = f};
	bool before = f->body > 0;

	html_shown_init(&l.shown, f->html);
	while (html_shown_next(&l.shown)) {
		if (before && l.shown.token.end >= f->body) {
			before = false;
			look_at_body(&l);
		}
		look_for_link(&l);
		if (!l.address)
			look_for_address(&l);
	}
	*cover = l.body;
	if (l.body.kind != HTML_COVER_NONE)
		return FOOTER_BODY;
	*cover = l.over_link;
	if (f->token.p != NULL && !l.link)
		return FOOTER_LINK;
	*cover = l.over_address;
	if (f->address.p != NULL && !l.address)
		return FOOTER_ADDRESS;
	return FOOTER_GOOD;
}
