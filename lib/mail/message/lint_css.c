#include "mail/message/lint_css.h"

#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "mail/html/html_style.h"

/*
 * Properties that place or show things, and that neither Gmail in a browser nor
 * Outlook on Windows knows: caniemail.com (MIT License), its package 1.0.5.
 */
static const char *const properties[] = {"align-items", "animation",
    "aspect-ratio", "backdrop-filter", "border-image", "clip-path", "filter",
    "flex-direction", "flex-wrap", "grid-template-areas",
    "grid-template-columns", "grid-template-rows", "inset", "justify-content",
    "list-style-image", "mask-image", "position", "shape-outside", "transform",
    "z-index"};

/*
 * The same of rules and selectors. Media features that tell a preference, such
 * as dark colours, are decoration by their nature, and left out.
 */
static const char *const rules[] = {
    "@keyframes", "@-webkit-keyframes", "@supports"};
static const char *const selectors[] = {
    ":before", ":after", ":checked", ":target", ":has("};

static const char unknown[] = "a style that Gmail and Outlook do not know";

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A value that changes nothing where the property is not known. */
static bool
is_plain_value(struct str value)
{
	static const char *const plain[] = {
	    "none", "static", "relative", "normal", "auto", "initial", "0"};

	value = str_trim(str_take(&value, STR("!")));
	for (size_t i = 0; i < COUNT(plain); i++)
		if (str_is(value, plain[i]))
			return true;
	return false;
}

static bool
contains_css(struct str s, const char *what)
{
	return s.n > 0 && memmem(s.p, s.n, what, strlen(what)) != NULL;
}

void
lint_css_style(struct lint *l, size_t at, struct str plain)
{
	while (plain.n > 0) {
		struct str value = str_take(&plain, STR(";"));
		struct str name = str_trim(str_take(&value, STR(":")));

		value = str_trim(value);
		for (size_t i = 0; i < COUNT(properties); i++)
			if (str_is(name, properties[i]) &&
			    !is_plain_value(value))
				lint_report_words(l, at, unknown, name);
		if (str_is(name, "display") && contains_css(value, "grid"))
			lint_report_words(l, at, unknown, STR("display: grid"));
		if (contains_css(value, "var(--"))
			lint_report_words(l, at, unknown, STR("var()"));
	}
}

/* What stands in front of a "{": an at-rule or selectors, in lower case. */
static void
check_prelude(struct lint *l, size_t at, struct str prelude)
{
	prelude = str_trim(prelude);
	for (size_t i = 0; i < COUNT(rules); i++)
		if (str_starts(prelude, rules[i]))
			lint_report_words(l, at, unknown, str_of(rules[i]));
	if (prelude.n == 0 || *prelude.p == '@')
		return;
	for (size_t i = 0; i < COUNT(selectors); i++)
		if (contains_css(prelude, selectors[i]))
			lint_report_words(l, at, unknown, str_of(selectors[i]));
}

/* The offset behind the comment, string or character at i. */
static size_t
skip_css_unit(struct str s, size_t i)
{
	const char *end = NULL;
	char quote = s.p[i];

	if (str_starts((struct str){s.p + i, s.n - i}, "/*")) {
		end = memmem(s.p + i + 2, s.n - i - 2, "*/", 2);
		return end != NULL ? (size_t)(end - s.p) + 2 : s.n;
	}
	if (quote == '(')
		quote = ')'; /* of url(), whose address has no quotes */
	else if (quote != '"' && quote != '\'')
		return i + 1;
	while (++i < s.n && s.p[i] != quote && s.p[i] != '\n')
		i += s.p[i] == '\\';
	return i < s.n ? i + 1 : s.n;
}

void
lint_css_sheet(struct lint *l, struct str sheet)
{
	struct buf plain = {0};
	size_t from = 0, i = 0;

	while (i < sheet.n) {
		char c = sheet.p[i];
		size_t at;

		if (c != '{' && c != '}' && c != ';') {
			i = skip_css_unit(sheet, i);
			if (i < sheet.n)
				continue;
		}
		while (from < i && ascii_is_space(sheet.p[from]))
			from++;
		at = (size_t)(sheet.p - l->html.p) + from;
		buf_reset(&plain);
		html_style_plain(
		    &plain, (struct str){sheet.p + from, i - from});
		if (c == '{')
			check_prelude(l, at, buf_str(&plain));
		else
			lint_css_style(l, at, buf_str(&plain));
		from = ++i;
	}
	buf_free(&plain);
}
