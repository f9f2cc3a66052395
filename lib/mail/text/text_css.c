#include "mail/text/text_css.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"

#define RULES_MAX 1000
#define CLASSES_MAX 4

struct css_rule {
	struct str tag, id, classes[CLASSES_MAX];
	size_t class_count;
	unsigned order, weight;
	struct str body;
};

struct text_css_rules {
	struct css_rule *items;
	size_t count, cap;
};

/* The number that starts s, and the text behind it; false if none does. */
static bool
parse_css_number(struct str s, double *value, struct str *unit)
{
	char text[24];
	size_t n = 0;

	while (n < s.n && n + 1 < sizeof(text) &&
	       (ascii_is_digit(s.p[n]) || s.p[n] == '.'))
		n++;
	if (n == 0)
		return false;
	memcpy(text, s.p, n);
	text[n] = '\0';
	*value = strtod(text, NULL);
	*unit = (struct str){s.p + n, s.n - n};
	return true;
}

static int
is_zero(struct str s)
{
	double d;
	struct str unit;

	return parse_css_number(s, &d, &unit) && d <= 0 ? 1 : -1;
}

static enum text_css_font
parse_font_size(struct str s)
{
	double d;
	struct str unit;

	if (!parse_css_number(s, &d, &unit))
		return str_is_nocase(s, "inherit") ||
			       str_is_nocase(s, "smaller") ||
			       str_is_nocase(s, "larger")
			   ? TEXT_CSS_FONT_UNSET
			   : TEXT_CSS_FONT_REAL;
	if (d <= 0)
		return TEXT_CSS_FONT_ZERO;
	if (str_is_nocase(unit, "em") || str_is(unit, "%"))
		return TEXT_CSS_FONT_UNSET;
	return TEXT_CSS_FONT_REAL;
}

/* The size in "bold 14px/20px Arial"; a bare 400 is a weight. */
static enum text_css_font
parse_font(struct str s)
{
	while (s.n > 0) {
		struct str unit, word = str_take(&s, STR(" "));
		double d;

		word = str_take(&word, STR("/"));
		if (parse_css_number(word, &d, &unit) &&
		    (unit.n > 0 || d < 100))
			return parse_font_size(word);
	}
	return TEXT_CSS_FONT_UNSET;
}

static void
set_white_space(struct text_css *css, struct str v)
{
	css->white_set = true;
	css->white = str_is_nocase(v, "pre")        ? TEXT_CSS_PRE
		     : str_is_nocase(v, "pre-wrap") ? TEXT_CSS_PRE_WRAP
		     : str_is_nocase(v, "pre-line") ? TEXT_CSS_PRE_LINE
						    : TEXT_CSS_NORMAL;
}

static enum text_css_display
parse_display(struct str v)
{
	static const char *const boxes[] = {"inline-block", "inline-flex",
	    "inline-grid", "inline-table", "table-cell"};

	if (str_is_nocase(v, "inline") || str_is_nocase(v, "contents"))
		return TEXT_CSS_INLINE;
	for (size_t i = 0; i < sizeof(boxes) / sizeof(boxes[0]); i++)
		if (str_is_nocase(v, boxes[i]))
			return TEXT_CSS_BOX;
	for (size_t i = 0; i < v.n; i++)
		if (!ascii_is_letter(v.p[i]) && v.p[i] != '-')
			return TEXT_CSS_DISPLAY_UNSET;
	return v.n == 0 || str_is_nocase(v, "inherit") ||
		       str_is_nocase(v, "none")
		   ? TEXT_CSS_DISPLAY_UNSET
		   : TEXT_CSS_BLOCK;
}

/* 1 if the word is among the value's, -1 if not. */
static int
find_keyword(struct str v, const char *word)
{
	while (v.n > 0)
		if (str_is_nocase(str_take(&v, STR(" ")), word))
			return 1;
	return -1;
}

static int
keyword_is(struct str value, const char *word)
{
	return str_is_nocase(value, word) ? 1 : -1;
}

static void
count_tiny_side(struct text_css *css, struct str v)
{
	struct str unit;
	double d;

	if (!parse_css_number(v, &d, &unit) || str_is(unit, "%") ||
	    str_is_nocase(unit, "em"))
		return;
	css->tiny += d <= 1;
	css->zero = css->zero || d <= 0;
}

static void
apply_declaration(struct text_css *css, struct str name, struct str v)
{
	if (str_is_nocase(name, "display")) {
		css->none = keyword_is(v, "none");
		css->display = parse_display(v);
	} else if (str_is_nocase(name, "visibility"))
		css->invisible = keyword_is(v, "hidden");
	else if (str_is_nocase(name, "opacity"))
		css->clear = is_zero(v);
	else if (str_is_nocase(name, "max-height"))
		css->no_max_height = is_zero(v);
	else if (str_is_nocase(name, "height"))
		css->no_height = is_zero(v);
	else if (str_is_nocase(name, "overflow"))
		css->clipped = keyword_is(v, "hidden");
	else if (str_is_nocase(name, "text-align"))
		css->right = keyword_is(v, "right");
	else if (str_is_nocase(name, "text-decoration") ||
		 str_is_nocase(name, "text-decoration-line"))
		css->struck = find_keyword(v, "line-through");
	else if (str_is_nocase(name, "list-style") ||
		 str_is_nocase(name, "list-style-type"))
		css->no_marker = find_keyword(v, "none");
	else if (str_is_nocase(name, "font-size"))
		css->font = parse_font_size(v);
	else if (str_is_nocase(name, "font"))
		css->font = parse_font(v);
	else if (str_is_nocase(name, "white-space"))
		set_white_space(css, v);
	if (str_is_nocase(name, "width") || str_is_nocase(name, "height"))
		count_tiny_side(css, v);
}

void
text_css_declarations(struct text_css *css, struct str s)
{
	while (s.n > 0) {
		struct str value, name;

		value = str_take(&s, STR(";"));
		name = str_take(&value, STR(":"));
		value = str_take(&value, STR("!"));
		apply_declaration(
		    css, str_strip(name, " \t\n"), str_strip(value, " \t\n"));
	}
}

static bool
is_name(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '_' ||
	       (unsigned char)c >= 0x80;
}

/* Parse "p.a.b#c"; false for any other kind of selector. */
static bool
parse_selector(struct css_rule *r, struct str s)
{
	size_t i = 0;

	while (i < s.n) {
		char kind = s.p[i] == '.' || s.p[i] == '#' ? s.p[i++] : 0;
		size_t n = 0;
		struct str part;

		while (i + n < s.n && is_name(s.p[i + n]))
			n++;
		part = (struct str){s.p + i, n};
		if (n == 0 || (kind == 0 && i > 0))
			return false;
		if (kind == 0)
			r->tag = part;
		else if (kind == '#')
			r->id = part;
		else if (r->class_count == CLASSES_MAX)
			return false;
		else
			r->classes[r->class_count++] = part;
		i += n;
	}
	r->weight = (r->id.n > 0 ? 10000 : 0) + (unsigned)r->class_count * 100 +
		    (r->tag.n > 0);
	return s.n > 0;
}

/* Rules without a property of struct text_css are dropped. */
static bool
is_useful(struct str body)
{
	struct text_css css = {0};

	text_css_declarations(&css, body);
	return css.none || css.struck || css.no_marker ||
	       css.display != TEXT_CSS_DISPLAY_UNSET || css.invisible ||
	       css.clear || css.no_height || css.no_max_height || css.clipped ||
	       css.right || css.white_set || css.font != TEXT_CSS_FONT_UNSET;
}

static void
add_rule(
    struct text_css_rules *rules, const struct css_rule *rule, struct arena *a)
{
	if (rules->count == RULES_MAX)
		return;
	if (rules->items == NULL)
		rules->items = arena_alloc(a, RULES_MAX * sizeof(*rule));
	rules->items[rules->count] = *rule;
	rules->items[rules->count].order = (unsigned)rules->count;
	rules->count++;
}

static void
add_rules(struct text_css_rules *rules, struct str selectors, struct str body,
    struct arena *a)
{
	if (!is_useful(body))
		return;
	while (selectors.n > 0) {
		struct css_rule rule = {.body = body};
		struct str one = str_take(&selectors, STR(","));

		if (parse_selector(&rule, str_strip(one, " \t\n")))
			add_rule(rules, &rule, a);
	}
}

/* The offset behind an @-rule, which ends at a ";" or with its block. */
static size_t
skip_at_rule(struct str s, size_t i)
{
	int depth = 0;

	for (; i < s.n; i++) {
		if (s.p[i] == '{')
			depth++;
		else if (s.p[i] == '}' && --depth <= 0)
			return i + 1;
		else if (s.p[i] == ';' && depth == 0)
			return i + 1;
	}
	return i;
}

/* A copy with spaces in place of comments, "<!--" and "-->". */
static struct str
blank_comments(struct str s, struct arena *a)
{
	char *p = arena_dup(a, s.p, s.n);

	for (size_t i = 0; i + 1 < s.n; i++) {
		size_t n = 0;

		if (p[i] == '/' && p[i + 1] == '*') {
			const char *end =
			    memmem(p + i + 2, s.n - i - 2, "*/", 2);

			n = end != NULL ? (size_t)(end - p) + 2 - i : s.n - i;
		} else if (s.n - i >= 4 && memcmp(p + i, "<!--", 4) == 0) {
			n = 4;
		} else if (s.n - i >= 3 && memcmp(p + i, "-->", 3) == 0) {
			n = 3;
		}
		memset(p + i, ' ', n);
		i += n > 0 ? n - 1 : 0;
	}
	return (struct str){p, s.n};
}

void
text_css_sheet(struct text_css_rules **rules, struct str s, struct arena *a)
{
	size_t i = 0;

	if (*rules == NULL)
		*rules = arena_alloc(a, sizeof(**rules));
	s = blank_comments(s, a);
	while (i < s.n) {
		struct str rest = {s.p + i, s.n - i}, selectors, body;

		if (ascii_is_space(s.p[i])) {
			i++;
		} else if (s.p[i] == '@') {
			i = skip_at_rule(s, i);
		} else {
			selectors = str_take(&rest, STR("{"));
			body = str_take(&rest, STR("}"));
			add_rules(*rules, selectors, body, a);
			i = (size_t)(rest.p - s.p);
		}
	}
}

static int
compare_rules(const void *a, const void *b)
{
	const struct css_rule *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight < y->weight ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

void
text_css_sort(struct text_css_rules *rules)
{
	if (rules != NULL && rules->count > 0)
		qsort(rules->items, rules->count, sizeof(struct css_rule),
		    compare_rules);
}

static bool
has_class(struct str list, struct str class)
{
	for (size_t i = 0; i < list.n;) {
		size_t n = 0;

		while (i + n < list.n && !ascii_is_space(list.p[i + n]))
			n++;
		if (str_eq((struct str){list.p + i, n}, class))
			return true;
		i += n + 1;
	}
	return false;
}

static bool
matches_rule(const struct css_rule *r, const struct html_node *n, struct str id,
    struct str classes)
{
	if (r->tag.n > 0 && !str_is_nocase(r->tag, n->name))
		return false;
	if (r->id.n > 0 && !str_eq(r->id, id))
		return false;
	for (size_t i = 0; i < r->class_count; i++)
		if (!has_class(classes, r->classes[i]))
			return false;
	return true;
}

void
text_css_match(struct text_css *css, const struct text_css_rules *rules,
    const struct html_node *n)
{
	struct str id = html_attr(n, "id"), classes = html_attr(n, "class");

	for (size_t i = 0; rules != NULL && i < rules->count; i++)
		if (matches_rule(&rules->items[i], n, id, classes))
			text_css_declarations(css, rules->items[i].body);
}
