#include "mail/html/html_shown.h"

#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "mail/html/html_hide.h"
#include "mail/html/html_tags.h"

/* The elements that matter to the walk, by the rules that they follow. */
static const char block_names[] =
    " address article aside blockquote button center details dialog dir div "
    "dl fieldset figcaption figure footer form header hgroup listing main "
    "menu nav ol pre search section summary ul li dd dt h1 h2 h3 h4 h5 h6 "
    "applet marquee object td th caption template ";
/* A start tag of these ends a paragraph; a table does so in some modes only. */
static const char paragraph_ends[] =
    " address article aside blockquote center details dialog dir div dl "
    "fieldset figcaption figure footer header hgroup main menu nav ol p "
    "search section summary ul h1 h2 h3 h4 h5 h6 pre listing form hr li dd "
    "dt ";
static const char void_names[] =
    " area base basefont bgsound br col embed frame hr img image input "
    "keygen link meta param source track wbr ";
/* Their tags open and close nothing within a body. */
static const char frame_names[] = " html head body ";
static const char implied_names[] = " p li dd dt option optgroup rb rp rt rtc ";
static const char inline_implied[] = " option optgroup rb rp rt rtc ";
static const char table_names[] =
    " table tbody thead tfoot tr caption colgroup ";
static const char table_implied[] =
    " p li dd dt option optgroup rb rp rt rtc td th tr tbody thead tfoot "
    "caption colgroup ";
/* HTML may stand in these elements of SVG and MathML. */
static const char html_places[] =
    " foreignobject desc title annotation-xml mi mo mn ms mtext ";

/* True if the name, in any case, is one of the list. */
static bool
is_element_of(struct str name, const char *list)
{
	for (const char *p = list + 1; *p != '\0'; p++) {
		size_t i = 0;

		while (i < name.n && p[i] == ascii_lower(name.p[i]))
			i++;
		if (i == name.n && p[i] == ' ')
			return true;
		for (p += i; *p != ' ';)
			p++;
	}
	return false;
}

static bool
has_same_name(struct str a, struct str b)
{
	return a.n == b.n && strncasecmp(a.p, b.p, a.n) == 0;
}

static struct html_shown_element *
find_top(struct html_shown *s)
{
	return &s->stack[s->depth - 1];
}

static bool
is_inside(const struct html_shown *s, const char *names)
{
	for (size_t i = 0; i < s->depth; i++)
		if (is_element_of(s->stack[i].name, names))
			return true;
	return false;
}

static void
push_element(struct html_shown *s, bool hides)
{
	const struct html_token *t = &s->token;

	if (s->depth == HTML_SHOWN_DEPTH)
		s->stuck = true;
	else
		s->stack[s->depth++] =
		    (struct html_shown_element){.name = t->name,
			.at = t->at,
			.end = t->end,
			.hides = hides};
}

/* The element hides the rest of the document. */
static void
push_forever(struct html_shown *s)
{
	push_element(s, true);
	s->stuck = true;
}

static bool
has_attribute(const struct html_token *t, const char *name)
{
	struct str key, value;
	size_t at = 0;

	while (html_tags_attribute(t->attributes, &at, &key, &value))
		if (str_is_nocase(key, name))
			return true;
	return false;
}

static void
pop_listed(struct html_shown *s, const char *names)
{
	while (s->depth > 0 && is_element_of(find_top(s)->name, names))
		s->depth--;
}

/*
 * The tag of another element closes the top one, unless browsers ignore that
 * tag: then a hidden one goes on.
 */
static void
pop_implied(struct html_shown *s)
{
	const struct html_shown_element *top = find_top(s);

	if (top->hides && !(is_element_of(top->name, " option optgroup ") &&
			      is_inside(s, " select ")))
		s->stuck = true;
	s->depth--;
}

/*
 * Close the parts of a table, and paragraphs in them: outside of a table the
 * tag means nothing, and a hidden paragraph goes on.
 */
static void
close_cells(struct html_shown *s, const char *parts)
{
	while (s->depth > 1 &&
	       is_element_of(find_top(s)->name, table_implied) &&
	       (is_element_of(find_top(s)->name, implied_names) ||
		   is_element_of(find_top(s)->name, parts)))
		pop_implied(s);
	if (s->depth == 1 && !s->stuck)
		pop_listed(s, parts);
}

/* Close what the start tag of another element closes. */
static void
close_by_start(struct html_shown *s, struct str name)
{
	if (is_element_of(name, paragraph_ends))
		pop_listed(s, " p ");
	if (str_is_nocase(name, "li"))
		pop_listed(s, " li ");
	else if (is_element_of(name, " dd dt "))
		pop_listed(s, " dd dt ");
	else if (str_is_nocase(name, "option"))
		pop_listed(s, " option ");
	else if (is_element_of(name, " td th "))
		close_cells(s, " td th ");
	else if (str_is_nocase(name, "tr"))
		close_cells(s, " td th tr ");
	else if (is_element_of(name, " tbody thead tfoot "))
		close_cells(s, " td th tr tbody thead tfoot ");
}

/*
 * In SVG, MathML and select, browsers do not agree on raw elements, or read
 * them as markup: only text without any is the same to all.
 */
static void
check_foreign_raw(struct html_shown *s)
{
	struct html_token raw;
	size_t at = s->token.end;

	html_token_raw(s->html, &at, s->token.name, &raw);
	if (raw.open || memchr(s->html.p + raw.at, '<', raw.end - raw.at))
		s->stuck = true;
}

/* A start tag within an element that hides. */
static void
start_inside(struct html_shown *s, bool hides)
{
	struct str name = s->token.name;
	bool foreign = is_inside(s, " svg math ");

	if (html_token_is_raw(name)) {
		s->raw = !foreign || !s->token.self_closed;
		if (foreign && s->token.self_closed)
			s->stuck = s->stuck || is_inside(s, html_places);
		else if (foreign || is_inside(s, " select "))
			check_foreign_raw(s);
	} else if (is_element_of(name, void_names)) {
		return;
	} else if (foreign && s->token.self_closed) {
		if (is_inside(s, html_places) ||
		    is_element_of(name, paragraph_ends))
			s->stuck = true;
	} else {
		push_element(s, hides);
	}
}

static void
start_element(struct html_shown *s)
{
	const struct html_token *t = &s->token;
	bool hides = html_hide_tag(t->name, t->attributes);

	s->raw = html_token_is_raw(t->name);
	if (s->depth > 0)
		close_by_start(s, t->name);
	if (is_element_of(t->name, " frameset plaintext ") ||
	    (str_is_nocase(t->name, "template") &&
		has_attribute(t, "shadowrootmode"))) {
		push_forever(s);
	} else if (is_element_of(t->name, frame_names)) {
		/* Attributes go to the element that is open. */
		if (hides)
			push_forever(s);
	} else if (s->depth > 0) {
		start_inside(s, hides);
	} else if (!hides || s->raw || is_element_of(t->name, void_names)) {
		return;
	} else if (!t->self_closed || !is_element_of(t->name, " svg math ")) {
		push_element(s, true);
	}
}

/* With scripts on, the content of noscript is raw and ends at the first tag. */
static bool
is_noscript_cut(const struct html_shown *s, const struct html_shown_element *e)
{
	static const char tag[] = "</noscript";
	size_t i = e->end;

	if (!str_is_nocase(e->name, "noscript"))
		return false;
	while (i < s->token.at) {
		const char *lt = memchr(s->html.p + i, '<', s->token.at - i);

		if (lt == NULL)
			return false;
		i = (size_t)(lt - s->html.p);
		if (s->html.n - i > sizeof(tag) &&
		    strncasecmp(lt, tag, sizeof(tag) - 1) == 0)
			return true;
		i++;
	}
	return false;
}

static void
end_element(struct html_shown *s)
{
	struct str name = s->token.name;
	const char *implied;

	if (s->depth == 0 || is_element_of(name, void_names) ||
	    is_element_of(name, frame_names) || html_token_is_raw(name))
		return;
	implied =
	    is_element_of(name, table_names) || str_is_nocase(name, "template")
		? table_implied
	    : is_element_of(name, block_names) ? implied_names
					       : inline_implied;
	while (s->depth > 1 && !has_same_name(find_top(s)->name, name) &&
	       is_element_of(find_top(s)->name, implied))
		pop_implied(s);
	if (!s->stuck && has_same_name(find_top(s)->name, name) &&
	    !is_noscript_cut(s, find_top(s)))
		s->depth--;
	else
		s->stuck = true;
}

static struct html_cover
cover_of_stack(const struct html_shown *s)
{
	const struct html_shown_element *e = &s->stack[0];

	if (s->depth == 0)
		return (struct html_cover){.kind = HTML_COVER_NONE};
	return (struct html_cover){HTML_COVER_ELEMENT, e->name, e->at};
}

/* Note what hides the content of the token itself. */
static void
note_cover(struct html_shown *s)
{
	const struct html_token *t = &s->token;

	s->here = cover_of_stack(s);
	if (t->kind == HTML_TOKEN_COMMENT)
		s->here = (struct html_cover){
		    .kind = HTML_COVER_COMMENT, .at = t->at};
	else if (t->kind == HTML_TOKEN_RAW)
		s->here = s->after;
	else if (t->kind != HTML_TOKEN_TEXT && s->depth == 0)
		s->here = (struct html_cover){HTML_COVER_TAG, t->name, t->at};
}

/* Keep count of the elements that set the size of letters. */
static void
note_font(struct html_shown *s)
{
	const struct html_token *t = &s->token;
	struct html_shown_element *e =
	    s->font_count == 0 ? NULL : &s->fonts[s->font_count - 1];
	enum html_hide_font font = HTML_HIDE_FONT_UNSET;
	struct str key, value;
	size_t at = 0;

	if (t->kind == HTML_TOKEN_END && e != NULL &&
	    has_same_name(e->name, t->name) && e->level-- == 0)
		s->font_count--;
	if (t->kind != HTML_TOKEN_START)
		return;
	while (html_tags_attribute(t->attributes, &at, &key, &value))
		if (str_is_nocase(key, "style"))
			font = html_hide_font(value);
	if ((font == HTML_HIDE_FONT_UNSET && e == NULL) ||
	    is_element_of(t->name, void_names))
		return;
	if (font != HTML_HIDE_FONT_UNSET && s->font_count < HTML_SHOWN_FONTS)
		s->fonts[s->font_count++] =
		    (struct html_shown_element){.name = t->name,
			.at = t->at,
			.tiny = font == HTML_HIDE_FONT_TINY};
	else if (e != NULL && has_same_name(e->name, t->name))
		e->level++;
}

static void
note_tiny(struct html_shown *s)
{
	const struct html_shown_element *e;

	note_font(s);
	s->font = (struct html_cover){.kind = HTML_COVER_NONE};
	if (s->font_count == 0)
		return;
	e = &s->fonts[s->font_count - 1];
	if (e->tiny)
		s->font =
		    (struct html_cover){HTML_COVER_ELEMENT, e->name, e->at};
}

/* Close or open what the token closes or opens. */
static void
apply_token(struct html_shown *s)
{
	const struct html_token *t = &s->token;

	if (t->kind == HTML_TOKEN_START)
		start_element(s);
	else if (t->kind == HTML_TOKEN_END)
		end_element(s);
	else if (t->kind == HTML_TOKEN_COMMENT && s->html.n - t->at > 2 &&
		 s->html.p[t->at + 2] == '[' && is_inside(s, " svg math "))
		s->stuck = true; /* <![CDATA[, or a comment of its own kind */
}

void
html_shown_init(struct html_shown *s, struct str html)
{
	*s = (struct html_shown){.html = html};
}

bool
html_shown_next(struct html_shown *s)
{
	struct html_token *t = &s->token;
	bool raw = s->raw && s->at < s->html.n;

	s->raw = false;
	if (raw)
		html_token_raw(s->html, &s->at, t->name, t);
	else if (!html_token_next(s->html, &s->at, t))
		return false;
	note_cover(s);
	if (t->open && t->kind != HTML_TOKEN_TEXT) {
		s->after = s->here;
		return true;
	}
	note_tiny(s);
	if (!s->stuck)
		apply_token(s);
	else if (t->kind == HTML_TOKEN_START)
		s->raw = html_token_is_raw(t->name);
	s->after = cover_of_stack(s);
	if (s->raw && s->depth == 0)
		s->after = (struct html_cover){HTML_COVER_RAW, t->name, t->at};
	return true;
}
