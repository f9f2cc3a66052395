#include "mail/message/lint_looks.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "mail/html/html_shown.h"
#include "mail/html/html_style.h"
#include "mail/message/lint_css.h"

#define WIDE 600          /* px; a telephone has fewer */
#define PREHEADER_MAX 300 /* bytes of hidden text that are one */

static bool
contains_word(struct str s, const char *word)
{
	return s.n > 0 && memmem(s.p, s.n, word, strlen(word)) != NULL;
}

/* True if a reader sees text in front of the offset. */
static bool
has_text_before(struct str html, size_t at)
{
	struct html_shown *s = malloc(sizeof(*s));
	bool found = false;

	if (s == NULL)
		return true;
	html_shown_init(s, html);
	while (!found && html_shown_next(s) && s->token.at < at)
		for (size_t i = s->token.at;
		     s->token.kind == HTML_TOKEN_TEXT && i < s->token.end; i++)
			found = found || (s->here.kind == HTML_COVER_NONE &&
					     !ascii_is_space(html.p[i]));
	free(s);
	return found;
}

/* Hidden text is what mail programs list beside the subject, or a trick. */
static void
check_hidden(struct lint *l, const struct html_tag *t, struct str plain)
{
	bool hidden = html_tags_value(t, "hidden").p != NULL;
	const char *end;

	for (struct str rest = plain; rest.n > 0;) {
		struct str value = str_take(&rest, STR(";"));
		struct str name = str_trim(str_take(&value, STR(":")));

		value = str_trim(value);
		hidden =
		    hidden ||
		    (str_is(name, "display") && str_starts(value, "none")) ||
		    (str_is(name, "visibility") && str_starts(value, "hidden"));
	}
	if (!hidden)
		return;
	end = memmem(l->html.p + t->end, l->html.n - t->end, "</", 2);
	if (end != NULL &&
	    (size_t)(end - l->html.p) - t->end <= PREHEADER_MAX &&
	    !has_text_before(l->html, t->at))
		return;
	lint_report(l, t->at, "hidden text: providers take it for a trick");
}

static void
check_width(struct lint *l, const struct html_tag *t, struct str plain)
{
	struct str width = html_tags_value(t, "width");
	long px = 0;

	if (!str_is_nocase(t->name, "table") && !str_is_nocase(t->name, "td"))
		return;
	if (width.n > 0 && width.n < 8 && width.p[width.n - 1] != '%')
		px = strtol(width.p, NULL, 10);
	for (struct str rest = plain; rest.n > 0;) {
		struct str value = str_take(&rest, STR(";"));
		struct str name = str_trim(str_take(&value, STR(":")));

		value = str_trim(value);
		if ((str_is(name, "width") || str_is(name, "min-width")) &&
		    contains_word(value, "px"))
			px = strtol(value.p, NULL, 10);
	}
	if (px > WIDE)
		lint_report(l, t->at,
		    "a table wider than 600 px: a telephone shows a part");
}

static void
check_font(struct lint *l, const struct html_tag *t, struct str plain)
{
	static const char *const fonts[] = {
	    "wingdings", "webdings", "font-family:symbol", "zapf dingbats"};
	struct buf face = {0};

	html_style_plain(&face, html_tags_value(t, "face"));
	for (size_t i = 0; i < sizeof(fonts) / sizeof(fonts[0]); i++)
		if (contains_word(plain, fonts[i]) ||
		    contains_word(buf_str(&face), fonts[i]) ||
		    (i == 0 && str_is(buf_str(&face), "symbol"))) {
			lint_report(l, t->at,
			    "a font of symbols: many readers see its letters");
			break;
		}
	buf_free(&face);
}

/* What Google Docs leaves in its HTML. */
static void
check_docs(struct lint *l, const struct html_tag *t)
{
	struct str href = html_tags_value(t, "href");

	if (contains_word(href, "google.com/url?"))
		lint_report(l, t->at,
		    "a link that goes through Google first, from Google Docs");
	if (str_starts(href, "#cmnt"))
		lint_report(l, t->at,
		    "a comment of Google Docs, which readers would see");
}

void
lint_looks_tag(struct lint *l, const struct html_tag *t)
{
	struct buf plain = {0};

	html_style_plain(&plain, html_tags_value(t, "style"));
	check_hidden(l, t, buf_str(&plain));
	check_width(l, t, buf_str(&plain));
	check_font(l, t, buf_str(&plain));
	lint_css_style(l, t->at, buf_str(&plain));
	check_docs(l, t);
	buf_free(&plain);
}
