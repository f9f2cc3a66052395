#include "mail/html/html_repair.h"

#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "mail/html/html_reference.h"

#define ATTRS_MAX 100  /* libxml2 compares each with all others */
#define OPEN_NAMES 128 /* size of the table of open elements */

struct repair {
	struct buf *out;
	struct html_fields *fields;
	struct arena *arena;
	const char *p; /* the clean source */
	size_t n, i;
	unsigned open[OPEN_NAMES]; /* elements by a hash of their names */
};

/* The part of a tag in which the next byte is. */
enum tag_part {
	IN_NAME,
	BETWEEN_ATTRIBUTES,
	IN_ATTRIBUTE,
	BEFORE_VALUE, /* behind the "=" */
	IN_BARE_VALUE,
	IN_QUOTED_VALUE,
};

static bool
starts_with(const struct repair *r, size_t i, const char *prefix)
{
	size_t len = strlen(prefix);

	return r->n - i >= len && strncasecmp(r->p + i, prefix, len) == 0;
}

/* The offset behind the next occurrence, or the end of the source. */
static size_t
find_end(const struct repair *r, size_t i, const char *text)
{
	const char *hit = memmem(r->p + i, r->n - i, text, strlen(text));

	return hit != NULL ? (size_t)(hit - r->p) + strlen(text) : r->n;
}

/* <!--> and <!---> are whole comments, and --!> ends a comment. */
static size_t
find_comment_end(const struct repair *r)
{
	size_t i = r->i + 4;

	if (starts_with(r, i, ">"))
		return i + 1;
	if (starts_with(r, i, "->"))
		return i + 2;
	for (; i < r->n; i++) {
		if (r->p[i] != '-')
			continue;
		if (starts_with(r, i, "-->"))
			return i + 3;
		if (starts_with(r, i, "--!>"))
			return i + 4;
	}
	return r->n;
}

static size_t
measure_name(const struct repair *r, size_t i)
{
	size_t n = 0;

	while (i + n < r->n && !ascii_is_space(r->p[i + n]) &&
	       r->p[i + n] != '>' && r->p[i + n] != '/')
		n++;
	return n;
}

static unsigned *
find_open_count(struct repair *r, struct str name)
{
	unsigned h = 5381;

	for (size_t i = 0; i < name.n; i++)
		h = h * 33 + (unsigned char)(name.p[i] | 0x20);
	return &r->open[h % OPEN_NAMES];
}

/* Write the template tag or reference at i; its length, or 0. */
static size_t
put_special(struct repair *r, size_t i, bool in_attribute)
{
	/* What no field can stand for any more is text. */
	size_t n = r->fields->count < HTML_FIELD_MAX
		       ? html_field_length(r->p + i, r->n - i)
		       : 0;

	if (n > 0) {
		html_field_put(
		    r->out, r->fields, (struct str){r->p + i, n}, r->arena);
		return n;
	}
	if (r->p[i] == '&')
		return html_reference_put(
		    r->out, r->p + i, r->n - i, in_attribute);
	return 0;
}

/* Names that libxml2 takes for an attribute's. */
static bool
is_name_byte(char c, bool first)
{
	if (ascii_is_letter(c) || c == '_' || c == ':' || c == '.')
		return true;
	return !first && (ascii_is_digit(c) || c == '-');
}

/* The attributes of a tag, as they are copied. */
struct attributes {
	struct repair *r;
	enum tag_part part;
	unsigned count;
	char quote;
	size_t begin; /* where the output of the attribute begins */
	bool odd;     /* libxml2 does not know such a name */
};

/* True if white space and then "=" follow at i. */
static bool
has_value(const struct repair *r, size_t i)
{
	while (i < r->n && ascii_is_space(r->p[i]))
		i++;
	return i < r->n && r->p[i] == '=';
}

/*
 * An attribute with an odd name is dropped: libxml2 would take a part of its
 * value for the next attribute.
 */
static void
end_attribute(struct attributes *a)
{
	if (a->odd)
		a->r->out->len = a->begin;
	a->odd = false;
	a->part = BETWEEN_ATTRIBUTES;
}

static void
add_name_byte(struct attributes *a, char c)
{
	bool first = a->part == BETWEEN_ATTRIBUTES;

	if (first) {
		a->part = IN_ATTRIBUTE;
		a->begin = a->r->out->len;
		a->count++;
	}
	a->odd = a->odd || !is_name_byte(c, first);
}

/* The byte c, which is no quote's content, in front of offset i. */
static void
scan_unquoted(struct attributes *a, char c, size_t i)
{
	bool gap = ascii_is_space(c) || (c == '/' && (a->part < BEFORE_VALUE));

	if (a->part == BEFORE_VALUE && (c == '"' || c == '\'')) {
		a->part = IN_QUOTED_VALUE;
		a->quote = c;
	} else if (gap && (a->part == IN_NAME || a->part == IN_BARE_VALUE)) {
		end_attribute(a);
	} else if (gap && a->part == IN_ATTRIBUTE) {
		if (c == '/' || !has_value(a->r, i))
			end_attribute(a);
	} else if (gap) {
		return;
	} else if (a->part == BEFORE_VALUE) {
		a->part = IN_BARE_VALUE;
	} else if (c == '=' && a->part == IN_ATTRIBUTE) {
		a->part = BEFORE_VALUE;
	} else if (a->part == BETWEEN_ATTRIBUTES || a->part == IN_ATTRIBUTE) {
		add_name_byte(a, c);
	}
}

/* Copy the template tag or reference at i; its length, or 0. */
static size_t
copy_special(struct attributes *a, size_t i)
{
	size_t mark = a->r->out->len;
	size_t n = put_special(a->r, i, true);

	/* libxml2 accepts fields in values only. */
	if (n > 0 && (a->part < BEFORE_VALUE || a->count > ATTRS_MAX))
		a->r->out->len = mark;
	else if (n > 0 && a->part == BEFORE_VALUE)
		a->part = IN_BARE_VALUE;
	return n;
}

/*
 * Copy the attributes of a tag from i through its ">"; the offset behind it.
 * A slash between them is white space.
 */
static size_t
copy_attributes(struct repair *r, size_t i)
{
	struct attributes a = {.r = r, .part = IN_NAME};

	while (i < r->n) {
		size_t n = copy_special(&a, i);
		char c = r->p[i];

		i += n > 0 ? n : 1;
		if (n > 0)
			continue;
		if (a.part == IN_QUOTED_VALUE) {
			if (a.count <= ATTRS_MAX)
				buf_addc(r->out, c);
			if (c == a.quote)
				end_attribute(&a);
			continue;
		}
		if (c == '>')
			break;
		scan_unquoted(&a, c, i);
		if (c == '/' && a.part == BETWEEN_ATTRIBUTES)
			c = ' ';
		if (a.count <= ATTRS_MAX)
			buf_addc(r->out, c);
	}
	end_attribute(&a);
	buf_addc(r->out, '>');
	return i;
}

/* The offset behind the end tag of an element that contains no markup. */
static size_t
find_raw_end(const struct repair *r, size_t i, struct str name)
{
	for (; i + 2 + name.n <= r->n; i++) {
		const char *lt = memchr(r->p + i, '<', r->n - i);

		if (lt == NULL)
			break;
		i = (size_t)(lt - r->p);
		if (r->n - i >= name.n + 2 && r->p[i + 1] == '/' &&
		    strncasecmp(r->p + i + 2, name.p, name.n) == 0)
			return find_end(r, i, ">");
	}
	return r->n;
}

static void
copy_start_tag(struct repair *r)
{
	struct str name = {r->p + r->i + 1, measure_name(r, r->i + 1)};
	size_t begin = r->i, mark = r->out->len, end;

	buf_add(r->out, r->p + begin, name.n + 1);
	r->i = copy_attributes(r, begin + 1 + name.n);
	if (memchr(name.p, ':', name.n) != NULL) {
		r->out->len = mark;
	} else if (str_is_nocase(name, "wbr")) {
		r->out->len = mark;
		buf_adds(r->out, "&#8203;");
	} else if (str_is_nocase(name, "script") ||
		   str_is_nocase(name, "title")) {
		r->out->len = mark;
		r->i = find_raw_end(r, r->i, name);
	} else if (str_is_nocase(name, "style")) {
		end = find_raw_end(r, r->i, name);
		buf_add(r->out, r->p + r->i, end - r->i);
		r->i = end;
	} else {
		++*find_open_count(r, name);
	}
}

/*
 * An end tag without an open element makes libxml2 search all open elements,
 * so it is dropped; only </p> has a meaning then.
 */
static void
copy_end_tag(struct repair *r)
{
	struct str name = {r->p + r->i + 2, measure_name(r, r->i + 2)};
	unsigned *open = find_open_count(r, name);

	r->i = find_end(r, r->i, ">");
	if (str_is_nocase(name, "br")) {
		buf_adds(r->out, "<br>");
		return;
	}
	if (memchr(name.p, ':', name.n) != NULL)
		return;
	if (*open == 0 && !str_is_nocase(name, "p"))
		return;
	if (*open > 0)
		--*open;
	buf_adds(r->out, "</");
	buf_addstr(r->out, name);
	buf_addc(r->out, '>');
}

/* Copy or drop the tag, comment or declaration that starts at a "<". */
static void
copy_markup(struct repair *r)
{
	char c = r->i + 1 < r->n ? r->p[r->i + 1] : '\0';

	if (starts_with(r, r->i, "<!--")) {
		r->i = find_comment_end(r);
	} else if (c == '!' || c == '?') {
		r->i = find_end(r, r->i, ">");
	} else if (ascii_is_letter(c)) {
		copy_start_tag(r);
	} else if (c == '/' && r->i + 2 < r->n &&
		   ascii_is_letter(r->p[r->i + 2])) {
		copy_end_tag(r);
	} else if (c == '/') {
		r->i = find_end(r, r->i, ">");
	} else {
		buf_adds(r->out, "&#60;");
		r->i++;
	}
}

static bool
has_body(const struct repair *r)
{
	for (size_t i = 0; i + 5 < r->n; i++) {
		const char *lt = memchr(r->p + i, '<', r->n - i);

		if (lt == NULL)
			break;
		i = (size_t)(lt - r->p);
		if (starts_with(r, i, "<html") || starts_with(r, i, "<head>") ||
		    starts_with(r, i, "<body"))
			return true;
	}
	return false;
}

/* The length of the text in front of what may be special. */
static size_t
measure_text(const struct repair *r)
{
	static const bool special[256] = {['<'] = true,
	    ['&'] = true,
	    ['{'] = true,
	    ['%'] = true,
	    ['*'] = true,
	    ['$'] = true};
	size_t i = r->i;

	while (i < r->n && !special[(unsigned char)r->p[i]])
		i++;
	return i - r->i;
}

void
html_repair(struct buf *out, struct str clean, struct html_fields *fields,
    struct arena *a)
{
	struct repair r = {.out = out,
	    .fields = fields,
	    .arena = a,
	    .p = clean.p,
	    .n = clean.n};

	if (!has_body(&r))
		buf_adds(out, "<html><body>");
	while (r.i < r.n) {
		size_t n = measure_text(&r);

		buf_add(out, r.p + r.i, n);
		r.i += n;
		if (r.i == r.n)
			break;
		n = put_special(&r, r.i, false);
		r.i += n;
		if (n > 0)
			continue;
		if (r.p[r.i] == '<')
			copy_markup(&r);
		else
			buf_addc(out, r.p[r.i++]);
	}
}
