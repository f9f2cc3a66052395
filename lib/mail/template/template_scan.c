/* Just enough of HTML's tokenizer (WHATWG 13.2.5) to find the place. */
#include "mail/template/template_scan.h"

#include <string.h>
#include <strings.h>

#include "base/ascii.h"

/* A truncated name equals no name that matters here. */
static void
append_lower(char *name, size_t size, char c)
{
	size_t n = strnlen(name, size);

	if (n + 1 < size)
		name[n] = ascii_lower(c);
}

static bool
is_rawtext(const struct template_scan *s)
{
	return strcmp(s->element, "script") == 0 ||
	       strcmp(s->element, "style") == 0;
}

static void
end_tag(struct template_scan *s)
{
	bool raw = !s->closing && is_rawtext(s);

	s->state = raw ? SCAN_RAWTEXT : SCAN_TEXT;
	s->closing = false;
	s->seen = 0;
	memset(s->name, 0, sizeof(s->name));
	if (!raw)
		memset(s->element, 0, sizeof(s->element));
}

static void
scan_open(struct template_scan *s, char c)
{
	if (c == '/' && !s->closing) {
		s->closing = true;
	} else if (ascii_is_letter(c)) {
		s->state = SCAN_ELEMENT;
		append_lower(s->element, sizeof(s->element), c);
	} else if (c == '!' && !s->closing) {
		s->state = SCAN_MARKUP;
		s->seen = 0;
	} else if (c == '?' || s->closing) {
		s->state = c == '>' ? SCAN_TEXT : SCAN_BOGUS;
		s->closing = false;
	} else if (c != '<') {
		s->state = SCAN_TEXT;
	}
}

static void
scan_markup(struct template_scan *s, char c)
{
	if (c == '-' && ++s->seen == 2) {
		s->state = SCAN_COMMENT;
	} else if (c == '>') {
		s->state = SCAN_TEXT;
		s->seen = 0;
	} else if (c != '-') {
		s->state = SCAN_BOGUS;
		s->seen = 0;
	}
}

/*
 * seen counts the dashes before a >; the two dashes that open the comment
 * count as well, since <!--> is a whole comment. Outlook reads the content of
 * a conditional comment, so the scanner follows it like any other HTML: the [
 * ends the comment here, as <! does with the closing <![endif]-->.
 */
static void
scan_comment(struct template_scan *s, char c)
{
	if (c == '-') {
		s->seen = s->seen < 2 ? (unsigned char)(s->seen + 1) : 2;
	} else if (c == '>' && s->seen == 2) {
		s->state = SCAN_TEXT;
		s->seen = 0;
	} else if (c == '[' && s->seen == 2) {
		s->state = SCAN_BOGUS;
		s->seen = 0;
	} else if (c != '!' || s->seen < 2) {
		s->seen = 0;
	}
}

static void
start_name(struct template_scan *s, char c)
{
	memset(s->name, 0, sizeof(s->name));
	append_lower(s->name, sizeof(s->name), c);
	s->state = SCAN_NAME;
}

static void
scan_tag(struct template_scan *s, char c)
{
	if (c == '>')
		end_tag(s);
	else if (c == '=')
		s->state = SCAN_VALUE;
	else if (!ascii_is_space(c) && c != '/')
		start_name(s, c);
}

static void
scan_name(struct template_scan *s, char c)
{
	if (c == '=')
		s->state = SCAN_VALUE;
	else if (ascii_is_space(c))
		s->state = SCAN_EQUALS;
	else if (c == '>' || c == '/')
		s->state = SCAN_TAG;
	else
		append_lower(s->name, sizeof(s->name), c);
	if (c == '>')
		end_tag(s);
}

static void
scan_equals(struct template_scan *s, char c)
{
	if (c == '=')
		s->state = SCAN_VALUE;
	else if (c == '>')
		end_tag(s);
	else if (c == '/')
		s->state = SCAN_TAG;
	else if (!ascii_is_space(c))
		start_name(s, c);
}

static void
scan_value(struct template_scan *s, char c)
{
	if (c == '"' || c == '\'') {
		s->state = SCAN_QUOTED;
		s->quote = c;
	} else if (c == '>') {
		end_tag(s);
	} else if (!ascii_is_space(c)) {
		s->state = SCAN_BARE;
	}
}

static void
end_value(struct template_scan *s)
{
	s->state = SCAN_TAG;
	s->quote = 0;
	memset(s->name, 0, sizeof(s->name));
}

/* seen counts the bytes of </script or </style that have been met. */
static void
scan_rawtext(struct template_scan *s, char c)
{
	size_t n = strlen(s->element);

	if (s->seen == n + 2 && (ascii_is_space(c) || c == '/' || c == '>')) {
		s->closing = true;
		s->state = SCAN_TAG;
		s->seen = 0;
		if (c == '>')
			end_tag(s);
	} else if (s->seen >= 2 && s->seen < n + 2 &&
		   ascii_lower(c) == s->element[s->seen - 2]) {
		s->seen++;
	} else if (s->seen == 1 && c == '/') {
		s->seen = 2;
	} else {
		s->seen = c == '<';
	}
}

static void
scan_byte(struct template_scan *s, char c)
{
	switch (s->state) {
	case SCAN_TEXT:
		if (c == '<')
			s->state = SCAN_OPEN;
		break;
	case SCAN_OPEN:
		scan_open(s, c);
		break;
	case SCAN_MARKUP:
		scan_markup(s, c);
		break;
	case SCAN_COMMENT:
		scan_comment(s, c);
		break;
	case SCAN_BOGUS:
		if (c == '>')
			s->state = SCAN_TEXT;
		break;
	case SCAN_ELEMENT:
		if (c == '>')
			end_tag(s);
		else if (ascii_is_space(c) || c == '/')
			s->state = SCAN_TAG;
		else
			append_lower(s->element, sizeof(s->element), c);
		break;
	case SCAN_TAG:
		scan_tag(s, c);
		break;
	case SCAN_NAME:
		scan_name(s, c);
		break;
	case SCAN_EQUALS:
		scan_equals(s, c);
		break;
	case SCAN_VALUE:
		scan_value(s, c);
		break;
	case SCAN_QUOTED:
		if (c == s->quote)
			end_value(s);
		break;
	case SCAN_BARE:
		if (c == '>')
			end_tag(s);
		else if (ascii_is_space(c))
			end_value(s);
		break;
	case SCAN_RAWTEXT:
		scan_rawtext(s, c);
		break;
	}
}

void
template_scan_text(struct template_scan *s, struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		scan_byte(s, text.p[i]);
}

/* xlink:href and o:href are links too. */
static const char *
local_name(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon != NULL ? colon + 1 : name;
}

static bool
takes_url(const char *name)
{
	static const char *const names[] = {"href", "src", "action",
	    "background", "cite", "poster", "data", "formaction", "longdesc",
	    "srcset", "ping", "classid", "codebase", "archive", "manifest",
	    "profile", "usemap", "icon", "dynsrc", "lowsrc"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], local_name(name)) == 0)
			return true;
	return false;
}

static enum template_place
attribute_place(const struct template_scan *s)
{
	if (s->name[0] == '\0' || strncmp(s->name, "on", 2) == 0 ||
	    strcmp(s->name, "srcdoc") == 0)
		return PLACE_NO_TAG;
	if (strcmp(s->name, "style") == 0)
		return PLACE_STYLE;
	return takes_url(s->name) ? PLACE_URL : PLACE_HTML;
}

enum template_place
template_scan_place(const struct template_scan *s)
{
	switch (s->state) {
	case SCAN_TEXT:
	case SCAN_COMMENT:
	case SCAN_BOGUS:
		return PLACE_HTML;
	case SCAN_QUOTED:
		return attribute_place(s);
	case SCAN_RAWTEXT:
		return strcmp(s->element, "style") == 0 ? PLACE_STYLE
							: PLACE_NO_TAG;
	default:
		return PLACE_NO_TAG;
	}
}

const char *
template_scan_reason(const struct template_scan *s)
{
	switch (s->state) {
	case SCAN_VALUE:
	case SCAN_BARE:
		return "put the attribute's value in quotes to have a tag in "
		       "it";
	case SCAN_QUOTED:
	case SCAN_RAWTEXT:
		return "a tag cannot stand in a script";
	default:
		return "a tag cannot stand in the name of an HTML tag or "
		       "attribute";
	}
}

void
template_scan_value(struct template_scan *s)
{
	s->seen = 0;
	if (s->state == SCAN_VALUE)
		s->state = SCAN_BARE;
}

/* Forget an attribute without a value, which leaves no trace in the tag. */
static void
drop_attribute(struct template_scan *s)
{
	switch (s->state) {
	case SCAN_OPEN:
		if (!s->closing)
			s->state = SCAN_TEXT;
		break;
	case SCAN_ELEMENT:
	case SCAN_NAME:
	case SCAN_EQUALS:
		s->state = SCAN_TAG;
		break;
	default:
		break;
	}
	if (s->state == SCAN_TAG)
		memset(s->name, 0, sizeof(s->name));
	s->seen = 0;
}

bool
template_scan_join(struct template_scan *a, const struct template_scan *b)
{
	struct template_scan other = *b;

	if (memcmp(a, b, sizeof(*a)) == 0)
		return true;
	drop_attribute(a);
	drop_attribute(&other);
	return memcmp(a, &other, sizeof(*a)) == 0;
}
