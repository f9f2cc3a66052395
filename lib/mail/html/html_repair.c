#include "mail/html/html_repair.h"

#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/buf.h"

#define ATTRS_MAX 100  /* libxml2 compares each one with all others */
#define OPEN_NAMES 128 /* elements whose end tags are counted, a power of 2 */

struct repair {
	struct buf *out;
	struct html_fields *fields;
	struct arena *arena;
	const char *p;
	size_t n, i;
	/* Open elements by a hash of their names. */
	unsigned open[OPEN_NAMES];
};

/* How far a tag has been read. */
enum at { AT_NAME, AT_BETWEEN, AT_ATTR, AT_EQUALS, AT_BARE, AT_QUOTED };

static bool
is_at(const struct repair *r, size_t i, const char *what)
{
	size_t len = strlen(what);

	return r->n - i >= len && strncasecmp(r->p + i, what, len) == 0;
}

/* Offset behind the next occurrence, or the end. */
static size_t
behind(const struct repair *r, size_t i, const char *what)
{
	const char *hit = memmem(r->p + i, r->n - i, what, strlen(what));

	return hit != NULL ? (size_t)(hit - r->p) + strlen(what) : r->n;
}

/* <!--> and <!---> are whole comments, and --!> ends one. */
static size_t
comment_end(const struct repair *r)
{
	size_t i = r->i + 4;

	if (is_at(r, i, ">"))
		return i + 1;
	if (is_at(r, i, "->"))
		return i + 2;
	for (; i < r->n; i++) {
		if (r->p[i] != '-')
			continue;
		if (is_at(r, i, "-->"))
			return i + 3;
		if (is_at(r, i, "--!>"))
			return i + 4;
	}
	return r->n;
}

static size_t
name_length(const struct repair *r, size_t i)
{
	size_t n = 0;

	while (i + n < r->n && !ascii_is_space(r->p[i + n]) &&
	       r->p[i + n] != '>' && r->p[i + n] != '/')
		n++;
	return n;
}

static bool
name_is(struct str name, const char *what)
{
	return str_is_nocase(name, what);
}

static unsigned *
open_count(struct repair *r, struct str name)
{
	unsigned h = 5381;

	for (size_t i = 0; i < name.n; i++)
		h = h * 33 + (unsigned char)(name.p[i] | 0x20);
	return &r->open[h % OPEN_NAMES];
}

/* A template tag or a reference at i: written; its length, or 0. */
static size_t
put_special(struct repair *r, size_t i)
{
	size_t n = html_field_length(r->p + i, r->n - i);

	if (n > 0) {
		html_put_field(
		    r->out, r->fields, (struct str){r->p + i, n}, r->arena);
		return n;
	}
	if (r->p[i] == '&')
		return html_put_reference(r->out, r->p + i, r->n - i);
	return 0;
}

/*
 * Copy a tag from i, behind its name, to its > and return the offset behind
 * that. Template tags stay in values only; elsewhere libxml2 could not take
 * them. A slash before > is not copied.
 */
static size_t
copy_attributes(struct repair *r, size_t i)
{
	enum at at = AT_NAME;
	unsigned attrs = 0;
	char quote = 0;

	while (i < r->n) {
		bool value =
		    at == AT_EQUALS || at == AT_BARE || at == AT_QUOTED;
		size_t mark = r->out->len;
		size_t n = put_special(r, i);
		char c = r->p[i];

		if (n > 0) {
			if (!value || attrs > ATTRS_MAX)
				r->out->len = mark;
			else if (at == AT_EQUALS)
				at = AT_BARE;
			i += n;
			continue;
		}
		i++;
		if (at != AT_QUOTED && c == '>')
			break;
		if (at == AT_QUOTED) {
			at = c == quote ? AT_BETWEEN : AT_QUOTED;
		} else if (at == AT_EQUALS && (c == '"' || c == '\'')) {
			at = AT_QUOTED;
			quote = c;
		} else if (ascii_is_space(c)) {
			if (at == AT_NAME || at == AT_BARE)
				at = AT_BETWEEN;
		} else if (at == AT_EQUALS) {
			at = AT_BARE;
		} else if (c == '=' && at == AT_ATTR) {
			at = AT_EQUALS;
		} else if (c == '/' && at != AT_BARE && is_at(r, i, ">")) {
			continue;
		} else if (at == AT_BETWEEN) {
			at = AT_ATTR;
			attrs++;
		}
		if (attrs <= ATTRS_MAX)
			buf_addc(r->out, c);
	}
	buf_addc(r->out, '>');
	return i;
}

/* Offset behind the end tag of an element whose content is no markup. */
static size_t
rawtext_end(const struct repair *r, size_t i, struct str name)
{
	for (; i + 2 + name.n <= r->n; i++) {
		const char *lt = memchr(r->p + i, '<', r->n - i);

		if (lt == NULL)
			break;
		i = (size_t)(lt - r->p);
		if (r->n - i >= name.n + 2 && r->p[i + 1] == '/' &&
		    strncasecmp(r->p + i + 2, name.p, name.n) == 0)
			return behind(r, i, ">");
	}
	return r->n;
}

static void
start_tag(struct repair *r)
{
	struct str name = {r->p + r->i + 1, name_length(r, r->i + 1)};
	size_t begin = r->i, mark = r->out->len, end;

	buf_add(r->out, r->p + begin, name.n + 1);
	r->i = copy_attributes(r, begin + 1 + name.n);
	if (memchr(name.p, ':', name.n) != NULL) {
		r->out->len = mark;
	} else if (name_is(name, "wbr")) {
		r->out->len = mark;
		buf_adds(r->out, "&#8203;");
	} else if (name_is(name, "script") || name_is(name, "title")) {
		r->out->len = mark;
		r->i = rawtext_end(r, r->i, name);
	} else if (name_is(name, "style")) {
		end = rawtext_end(r, r->i, name);
		buf_add(r->out, r->p + r->i, end - r->i);
		r->i = end;
	} else {
		++*open_count(r, name);
	}
}

/*
 * An end tag without an element makes libxml2 look through all that are open;
 * only </p> means something then.
 */
static void
end_tag(struct repair *r)
{
	struct str name = {r->p + r->i + 2, name_length(r, r->i + 2)};
	unsigned *open = open_count(r, name);

	r->i = behind(r, r->i, ">");
	if (name_is(name, "br")) {
		buf_adds(r->out, "<br>");
		return;
	}
	if (memchr(name.p, ':', name.n) != NULL)
		return;
	if (*open == 0 && !name_is(name, "p"))
		return;
	if (*open > 0)
		--*open;
	buf_adds(r->out, "</");
	buf_addstr(r->out, name);
	buf_addc(r->out, '>');
}

/* At a <: what begins here is written or dropped. */
static void
markup(struct repair *r)
{
	char c = r->i + 1 < r->n ? r->p[r->i + 1] : '\0';

	if (is_at(r, r->i, "<!--")) {
		r->i = comment_end(r);
	} else if (c == '!' || c == '?') {
		r->i = behind(r, r->i, ">");
	} else if (ascii_is_letter(c)) {
		start_tag(r);
	} else if (c == '/' && r->i + 2 < r->n &&
		   ascii_is_letter(r->p[r->i + 2])) {
		end_tag(r);
	} else if (c == '/') {
		r->i = behind(r, r->i, ">");
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
		if (is_at(r, i, "<html") || is_at(r, i, "<head>") ||
		    is_at(r, i, "<body"))
			return true;
	}
	return false;
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
		size_t n = put_special(&r, r.i);

		r.i += n;
		if (n > 0)
			continue;
		if (r.p[r.i] == '<')
			markup(&r);
		else
			buf_addc(out, r.p[r.i++]);
	}
}
