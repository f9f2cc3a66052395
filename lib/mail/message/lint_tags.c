#include "mail/message/lint_tags.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/utf8.h"
#include "mail/html/html_field.h"
#include "mail/html/html_reference.h"
#include "mail/html/html_shown.h"
#include "mail/html/html_tags.h"
#include "mail/message/keyword.h"

#define TAG_MAX 60  /* bytes; a longer text is no tag */
#define MARK '\x01' /* in place of a tag that is replaced */

/* What may stand between the ends of a tag. */
enum inner {
	INNER_ANY,  /* one line */
	INNER_NAME, /* letters, digits, signs of names */
	INNER_FIELD /* a name that fields have, since texts have such signs */
};

static const struct {
	const char *open, *close;
	enum inner inner;
} kinds[] = {
    {"{{", "}}", INNER_ANY},
    {"{%", "%}", INNER_ANY},
    {"<%", "%>", INNER_ANY},
    {"[%", "%]", INNER_ANY},
    {"*|", "|*", INNER_ANY},
    {"%%", "%%", INNER_NAME},
    {"${", "}", INNER_NAME},
    {"#{", "}", INNER_NAME},
    {"{$", "}", INNER_NAME},
    {"{!", "}", INNER_NAME},
    {"[[", "]]", INNER_NAME},
    {"<<", ">>", INNER_NAME},
    {"\xc2\xab", "\xc2\xbb", INNER_FIELD},
    {"{", "}", INNER_FIELD},
    {"%", "%", INNER_FIELD},
};

/* The names of fields in the systems that people come from. */
static bool
is_field_name(struct str s)
{
	static const char *const names[] = {"name", "firstname", "first name",
	    "lastname", "last name", "fullname", "full name", "surname",
	    "given name", "fname", "lname", "username", "user name", "email",
	    "e-mail", "student", "course", "salutation", "greeting", "vorname",
	    "nachname", "anrede", "nombre", "apellido", "prenom",
	    "pr\xc3\xa9nom", "nom", "nome", "cognome", "token"};
	bool joined = false;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_is_nocase(s, names[i]))
			return true;
	/* first_name, recipient.name, contact-name, firstName */
	for (size_t i = 1; i + 1 < s.n; i++) {
		if (s.p[i] == ' ' || s.p[i] == ':')
			return false;
		joined =
		    joined || s.p[i] == '_' || s.p[i] == '.' ||
		    (ascii_is_upper(s.p[i]) && !ascii_is_upper(s.p[i - 1]));
	}
	return joined && ascii_is_letter(s.p[0]);
}

static bool
is_inner_name(struct str s)
{
	size_t i;

	if (s.n == 0 || !(ascii_is_letter(s.p[0]) || s.p[0] == '_'))
		return false;
	for (i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) &&
		    strchr("_.-: |,=>()", s.p[i]) == NULL)
			return false;
	return true;
}

static bool
is_inner(struct str s, enum inner inner)
{
	struct str trimmed = str_strip(s, " \xc2\xa0");

	if (trimmed.n == 0 || memchr(s.p, '\n', s.n) != NULL)
		return false;
	switch (inner) {
	case INNER_ANY:
		return true;
	case INNER_NAME:
		return is_inner_name(s);
	default:
		return is_field_name(trimmed);
	}
}

/* The length of the tag that begins the text, or 0. */
static size_t
measure_tag(struct str s)
{
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		size_t n = strlen(kinds[k].open), m = strlen(kinds[k].close);
		size_t near = s.n < TAG_MAX ? s.n : TAG_MAX;
		const char *end;

		if (!str_starts(s, kinds[k].open))
			continue;
		end = memmem(s.p + n, near - n, kinds[k].close, m);
		if (end != NULL &&
		    is_inner((struct str){s.p + n, (size_t)(end - s.p) - n},
			kinds[k].inner))
			return (size_t)(end - s.p) + m;
	}
	/* One half of a tag shows as well. */
	return str_starts(s, "{{") || str_starts(s, "}}") ? 2 : 0;
}

struct str
lint_tags_next(struct str text, size_t *at)
{
	for (size_t i = *at; i < text.n; i++) {
		struct str rest = {text.p + i, text.n - i};
		size_t n;

		if (strchr("{<[*%$#\xc2}", *rest.p) == NULL)
			continue;
		n = measure_tag(rest);
		if (n == 0)
			continue;
		*at = i + n;
		return (struct str){rest.p, n};
	}
	*at = text.n;
	return (struct str){0};
}

/* What readers see, and where each byte of it comes from. */
struct seen {
	struct buf text;
	size_t *from;
	size_t count, cap;
};

static void
put_seen(struct seen *s, const char *p, size_t n, size_t from)
{
	for (size_t i = 0; i < n; i++) {
		s->from = mem_more(s->from, s->count, &s->cap, sizeof(size_t));
		s->from[s->count++] = from;
		buf_addc(&s->text, p[i]);
	}
}

/* The length of a tag that rendering replaces, or 0. */
static size_t
measure_own(struct str s)
{
	size_t n = keyword_length(s);

	return n > 0 || !str_starts(s, "{{") ? n : html_field_length(s.p, s.n);
}

/* One character of text: a reference, a byte, or a tag of our own. */
static size_t
put_piece(struct seen *out, struct str s, size_t at, bool percent)
{
	struct buf reference = {0};
	size_t n = measure_own(s);
	int byte =
	    percent && *s.p == '%' ? num_hex_byte(s.p + 1, s.p + s.n) : -1;

	if (n > 0) {
		put_seen(out, (const char[]){MARK}, 1, at);
		return n;
	}
	if (byte > 0) {
		put_seen(out, (const char[]){(char)byte}, 1, at);
		return 3;
	}
	if (*s.p == '&')
		n = html_reference_put(&reference, s.p, s.n, percent);
	if (n > 0) {
		long code = strtol(buf_cstr(&reference) + 2, NULL, 10);

		buf_reset(&reference);
		utf8_put(&reference, (uint32_t)code);
		put_seen(out, reference.p, reference.len, at);
	} else {
		put_seen(out, s.p, 1, at);
	}
	buf_free(&reference);
	return n > 0 ? n : 1;
}

static void
put_pieces(
    struct seen *out, struct str html, size_t at, size_t end, bool percent)
{
	while (at < end)
		at += put_piece(
		    out, (struct str){html.p + at, end - at}, at, percent);
}

static void
report_seen(struct lint *l, struct seen *s)
{
	struct str text = buf_str(&s->text), tag;
	size_t at = 0;

	while (s->from != NULL && (tag = lint_tags_next(text, &at)).p != NULL)
		lint_report_words(
		    l, s->from[tag.p - text.p], LINT_TAGS_TEXT, tag);
	buf_free(&s->text);
	free(s->from);
	*s = (struct seen){.count = 0};
}

static void
look_at_attributes(struct lint *l, const struct html_token *t)
{
	struct str key, value;
	struct seen s = {.count = 0};
	size_t at = 0;

	while (html_tags_attribute(t->attributes, &at, &key, &value)) {
		size_t begin;

		if (value.p == NULL || str_is_nocase(key, "style"))
			continue;
		begin = (size_t)(value.p - l->html.p);
		put_pieces(&s, l->html, begin, begin + value.n, true);
		put_seen(&s, "\n", 1, begin);
	}
	for (size_t i = 0; i < s.count; i++)
		s.from[i] = t->at;
	report_seen(l, &s);
}

static bool
is_one_of(struct str name, const char *list)
{
	size_t n;

	while (*list != '\0') {
		n = strcspn(list, " ");
		if (n == name.n && strncasecmp(list, name.p, n) == 0)
			return true;
		list += n + (list[n] == ' ');
	}
	return false;
}

/* <<Name>> is a tag between two signs. */
static bool
is_between_signs(struct str html, const struct html_token *t)
{
	return t->at > 0 && html.p[t->at - 1] == '<' && t->end < html.n &&
	       html.p[t->end] == '>' && t->attributes.n == 0;
}

static const char code_names[] = "code pre kbd samp tt xmp";
static const char inline_names[] = "a abbr b bdi bdo big cite del dfn em font "
				   "i ins label mark nobr o:p q s small span "
				   "strike strong sub sup u var wbr";

void
lint_tags_html(struct lint *l)
{
	struct html_shown *shown = mem_new(sizeof(*shown));
	struct seen s = {.count = 0};
	size_t code = 0;

	html_shown_init(shown, l->html);
	while (!l->full && html_shown_next(shown)) {
		const struct html_token *t = &shown->token;
		bool tag =
		    t->kind == HTML_TOKEN_START || t->kind == HTML_TOKEN_END;

		if (tag && is_one_of(t->name, code_names)) {
			code += t->kind == HTML_TOKEN_START;
			code -= t->kind == HTML_TOKEN_END && code > 0;
		}
		if (t->kind == HTML_TOKEN_TEXT && code == 0)
			put_pieces(&s, l->html, t->at, t->end, false);
		else if (tag && is_between_signs(l->html, t))
			put_seen(&s, t->name.p - 1, t->name.n + 2, t->at);
		else if (tag && !is_one_of(t->name, inline_names))
			put_seen(&s, "\n", 1, t->at);
		if (t->kind == HTML_TOKEN_START)
			look_at_attributes(l, t);
	}
	report_seen(l, &s);
	free(shown);
}
