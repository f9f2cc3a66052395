#include "mail/html/html_hide.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "mail/html/html_style.h"
#include "mail/html/html_tags.h"

static bool
is_word_of(struct str s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (str_is_nocase(s, *words))
			return true;
	return false;
}

/* How a property hides; the values are in lower case. */
enum hide_rule {
	HIDE_WORDS, /* a word of the value is in the list */
	HIDE_OTHER, /* a word of the value is not in the list */
	HIDE_TINY,  /* a size is next to nothing */
	HIDE_FAINT, /* a number is below 0.3 */
	HIDE_AWAY,  /* a length leads off the page */
	HIDE_CLEAR, /* a colour without opacity */
	HIDE_CLIP,  /* with HIDE_EXTENT */
	HIDE_EXTENT,
};

#define LENGTHS HIDE_AWAY, ""
static const struct {
	const char *property; /* a "-" at its end: and what begins so */
	enum hide_rule rule;
	const char *words;
} hide_rules[] = {
    {"display", HIDE_WORDS, " none table-column table-column-group "},
    {"visibility", HIDE_WORDS, " hidden collapse "},
    {"content-visibility", HIDE_WORDS, " hidden "},
    {"pointer-events", HIDE_WORDS, " none "},
    {"interactivity", HIDE_WORDS, " inert "},
    {"mso-hide", HIDE_WORDS, " all "},
    {"text-security", HIDE_OTHER, " none "},
    {"transform", HIDE_OTHER, " none "},
    {"scale", HIDE_OTHER, " none 1 "},
    {"rotate", HIDE_OTHER, " none "},
    {"translate", HIDE_OTHER, " none 0 "},
    {"perspective", HIDE_OTHER, " none "},
    {"offset", HIDE_OTHER, " none "},
    {"offset-", HIDE_OTHER, " none "},
    {"clip", HIDE_OTHER, " auto "},
    {"clip-path", HIDE_OTHER, " none "},
    {"mask", HIDE_OTHER, " none "},
    {"mask-", HIDE_OTHER, " none "},
    {"filter", HIDE_OTHER, " none "},
    {"mix-blend-mode", HIDE_OTHER, " normal "},
    {"contain", HIDE_OTHER, " none layout style "},
    {"line-clamp", HIDE_OTHER, " none "},
    {"animation", HIDE_OTHER, " none "},
    {"animation-name", HIDE_OTHER, " none "},
    {"height", HIDE_TINY, ""},
    {"max-height", HIDE_TINY, ""},
    {"width", HIDE_TINY, ""},
    {"max-width", HIDE_TINY, ""},
    {"block-size", HIDE_TINY, ""},
    {"max-block-size", HIDE_TINY, ""},
    {"inline-size", HIDE_TINY, ""},
    {"max-inline-size", HIDE_TINY, ""},
    {"opacity", HIDE_FAINT, ""},
    {"zoom", HIDE_FAINT, ""},
    {"left", LENGTHS},
    {"right", LENGTHS},
    {"top", LENGTHS},
    {"bottom", LENGTHS},
    {"inset", LENGTHS},
    {"inset-", LENGTHS},
    {"margin", LENGTHS},
    {"margin-", LENGTHS},
    {"text-indent", LENGTHS},
    {"color", HIDE_CLEAR, ""},
    {"text-fill-color", HIDE_CLEAR, ""},
    {"overflow", HIDE_CLIP, " visible "},
    {"overflow-", HIDE_CLIP, " visible "},
    {"height", HIDE_EXTENT, " auto "},
    {"max-height", HIDE_EXTENT, " none auto "},
    {"block-size", HIDE_EXTENT, " auto "},
    {"max-block-size", HIDE_EXTENT, " none auto "},
};

/* A number of a value with its unit; a bare 0 has none. */
static bool
take_css_number(struct str *value, double *number, struct str *unit)
{
	while (value->n > 0) {
		char *end;
		size_t used;

		/* The style has a NUL at its end. */
		*number = strtod(value->p, &end);
		used = (size_t)(end - value->p);
		if (used == 0 || used > value->n || ascii_is_letter(end[-1])) {
			/* No number within a word: x2, #fff0. */
			do {
				value->p++;
				value->n--;
			} while (value->n > 0 &&
				 (ascii_is_alnum(value->p[-1]) ||
				     value->p[-1] == '#') &&
				 ascii_is_alnum(value->p[0]));
			continue;
		}
		value->p += used;
		value->n -= used;
		*unit = (struct str){value->p, 0};
		while (
		    unit->n < value->n && (ascii_is_letter(unit->p[unit->n]) ||
					      unit->p[unit->n] == '%'))
			unit->n++;
		value->p += unit->n;
		value->n -= unit->n;
		return true;
	}
	return false;
}

static bool
is_tiny(double number, struct str unit)
{
	static const char *const small[] = {"px", "pt", "%", NULL};

	if (unit.n == 0)
		return number == 0;
	return number <= (is_word_of(unit, small) ? 2 : 0.2);
}

static bool
is_away(double number, struct str unit)
{
	static const char *const small[] = {"px", "pt", NULL};

	if (is_word_of(unit, small) || unit.n == 0)
		return number <= -40 || number > 1000;
	return number <= -3 || number > 100;
}

static bool
has_number(struct str value, enum hide_rule rule)
{
	double number;
	struct str unit;

	while (take_css_number(&value, &number, &unit)) {
		if ((rule == HIDE_TINY && is_tiny(number, unit)) ||
		    (rule == HIDE_AWAY && is_away(number, unit)) ||
		    (rule == HIDE_FAINT &&
			number < (str_is(unit, "%") ? 30 : 0.3)))
			return true;
	}
	return false;
}

/* True if a word of the value is in the list or, with other, is not. */
static bool
has_css_word(struct str value, const char *words, bool other)
{
	while (value.n > 0) {
		struct str word = str_take(&value, STR(" "));
		const char *hit;
		size_t n;

		word = str_take(&word, STR("!"));
		if (word.n == 0 || str_is(word, "important"))
			continue;
		n = word.n;
		hit = memmem(words, strlen(words), word.p, n);
		if ((hit != NULL && hit[-1] == ' ' && hit[n] == ' ') != other)
			return true;
	}
	return false;
}

/* transparent, rgba(1, 2, 3, 0), rgb(1 2 3 / 0%), #1230, #11223300. */
static bool
is_clear(struct str value)
{
	double number = 1;
	struct str unit, rest = value;
	unsigned count = 0;

	if (has_css_word(value, " transparent ", false))
		return true;
	if (value.n > 0 && value.p[0] == '#') {
		value = str_take(&value, STR(" "));
		return (value.n == 5 && value.p[4] == '0') ||
		       (value.n == 9 && value.p[7] == '0');
	}
	while (take_css_number(&rest, &number, &unit))
		count++;
	return count >= 4 && number < 0.2;
}

static bool
is_rule_met(enum hide_rule rule, const char *words, struct str value)
{
	switch (rule) {
	case HIDE_WORDS:
		return has_css_word(value, words, false);
	case HIDE_OTHER:
	case HIDE_CLIP:
	case HIDE_EXTENT:
		return has_css_word(value, words, true);
	case HIDE_CLEAR:
		return is_clear(value);
	default:
		return has_number(value, rule);
	}
}

static bool
is_property(struct str name, const char *property)
{
	size_t n = strlen(property);

	if (property[n - 1] == '-')
		return str_starts(name, property);
	return str_is(name, property);
}

struct style_look {
	bool hides, clips, has_extent;
};

static void
judge_declaration(struct style_look *look, struct str name, struct str value)
{
	static const char *const prefixes[] = {"-webkit-", "-moz-", "-ms-"};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (str_starts(name, prefixes[i])) {
			name.p += strlen(prefixes[i]);
			name.n -= strlen(prefixes[i]);
		}
	for (size_t i = 0; i < sizeof(hide_rules) / sizeof(hide_rules[0]);
	     i++) {
		enum hide_rule rule = hide_rules[i].rule;

		if (!is_property(name, hide_rules[i].property) ||
		    !is_rule_met(rule, hide_rules[i].words, value))
			continue;
		if (rule == HIDE_CLIP)
			look->clips = true;
		else if (rule == HIDE_EXTENT)
			look->has_extent = true;
		else
			look->hides = true;
	}
}

bool
html_hide_style(struct str style)
{
	struct style_look look = {0};
	struct buf plain = {0};
	struct str rest;

	html_style_plain(&plain, style);
	rest = buf_str(&plain);
	while (rest.n > 0) {
		struct str value = str_take(&rest, STR(";"));
		struct str name = str_take(&value, STR(":"));

		judge_declaration(&look, str_trim(name), str_trim(value));
	}
	buf_free(&plain);
	return look.hides || (look.clips && look.has_extent);
}

enum html_hide_font
html_hide_font(struct str style)
{
	static const char *const relative[] = {"em", "%", "ex", "ch", NULL};
	struct buf plain = {0};
	struct str rest, unit;
	enum html_hide_font font = HTML_HIDE_FONT_UNSET;
	double number;

	html_style_plain(&plain, style);
	rest = buf_str(&plain);
	while (rest.n > 0) {
		struct str value = str_take(&rest, STR(";"));
		struct str name = str_trim(str_take(&value, STR(":")));

		if (!is_property(name, "font") &&
		    !is_property(name, "font-size"))
			continue;
		while (take_css_number(&value, &number, &unit)) {
			if (unit.n == 0 && number > 0)
				continue; /* a weight */
			if (is_tiny(number, unit))
				font = HTML_HIDE_FONT_TINY;
			else if (!is_word_of(unit, relative))
				font = HTML_HIDE_FONT_REAL;
			break;
		}
	}
	buf_free(&plain);
	return font;
}

bool
html_hide_tag(struct str name, struct str attributes)
{
	static const char *const names[] = {"template", "select", "svg", "math",
	    "noscript", "datalist", "audio", "video", "canvas", "object",
	    "progress", "meter", "rp", "option", "optgroup", "marquee",
	    "fencedframe", "permission", "geolocation", "usermedia", "install",
	    "model", NULL};
	static const char *const hiding[] = {
	    "hidden", "inert", "popover", NULL};
	static const char *const opened[] = {"details", "dialog", NULL};
	bool hides = is_word_of(name, names), open = false;
	struct str key, value;
	size_t at = 0;

	while (html_tags_attribute(attributes, &at, &key, &value)) {
		open = open || str_is_nocase(key, "open");
		if (is_word_of(key, hiding) ||
		    (str_is_nocase(key, "contenteditable") &&
			!str_is_nocase(value, "false")) ||
		    (str_is_nocase(key, "style") && html_hide_style(value)))
			hides = true;
	}
	return hides || (is_word_of(name, opened) && !open);
}
