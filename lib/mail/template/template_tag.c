#include "mail/template/template_tag.h"

#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/field_name.h"

static int
reject_tag(const struct template_unit *u, const struct template_tag *tag,
    const char *reason, struct fail *f)
{
	return template_program_fail(u, tag->where, reason, tag->text, f);
}

/* Offset of the delimiter, or the source's length. */
static size_t
find_delimiter(const struct template_unit *u, size_t from, struct str text)
{
	const char *s = u->source + from;
	const char *hit = memmem(s, u->length - from, text.p, text.n);

	return hit != NULL ? (size_t)(hit - u->source) : u->length;
}

int
template_tag_next(
    struct template_tag_reader *r, struct template_tag *tag, struct fail *f)
{
	const struct template_unit *u = r->unit;
	const char *s = u->source;
	struct str closer = r->closer;
	size_t begin, end;
	char close[64];

	*tag =
	    (struct template_tag){.at = find_delimiter(u, r->pos, r->opener)};
	if (tag->at >= u->length)
		return 0;
	begin = tag->at + r->opener.n;
	if (begin < u->length && strchr("#^/>!=&{<$", s[begin]) != NULL)
		tag->kind = s[begin++];
	if (tag->kind == '{' || tag->kind == '=') {
		close[0] = tag->kind == '{' ? '}' : '=';
		memcpy(close + 1, closer.p, closer.n);
		closer = (struct str){close, closer.n + 1};
	}
	end = find_delimiter(u, begin, closer);
	if (end >= u->length)
		return template_program_fail(
		    u, tag->at, "tag without end", (struct str){0}, f);
	tag->end = end + closer.n;
	tag->text = str_strip((struct str){s + begin, end - begin}, " \t\r\n");
	tag->where = u->original != NULL
			 ? template_program_find_tag(
			       u->original, &r->met, tag->kind, tag->text)
			 : tag->at;
	return 1;
}

bool
template_tag_is_standalone(const struct template_unit *u,
    const struct template_tag *tag, size_t *from, size_t *to)
{
	const char *s = u->source;
	size_t a = tag->at, b = tag->end;

	if (tag->kind == 0 || tag->kind == '&' || tag->kind == '{')
		return false;
	while (a > 0 && (s[a - 1] == ' ' || s[a - 1] == '\t'))
		a--;
	while (b < u->length && (s[b] == ' ' || s[b] == '\t'))
		b++;
	if (a > 0 && s[a - 1] != '\n')
		return false;
	if (b < u->length && s[b] == '\r')
		b++;
	if (b < u->length && s[b] != '\n')
		return false;
	*from = a;
	*to = b < u->length ? b + 1 : b;
	return true;
}

/* The title of a roster's column: tags have the name that is made of it. */
static int
reject_title(const struct template_unit *u, const struct template_tag *tag,
    struct fail *f)
{
	struct buf made = {0};

	reject_tag(u, tag, "a name cannot have white space in it", f);
	field_name_make(&made, tag->text);
	if (made.len > 0 && made.len < 100)
		fail_system(
		    f, "%s; did you mean %s?", f->text, buf_cstr(&made));
	buf_free(&made);
	return -1;
}

int
template_tag_check_name(const struct template_unit *u,
    const struct template_tag *tag, struct fail *f)
{
	const char *s = tag->text.p;
	size_t n = tag->text.n;

	if (n == 0)
		return reject_tag(u, tag, "tag without a name", f);
	for (size_t i = 0; i < n; i++)
		if (ascii_is_space(s[i]))
			return reject_title(u, tag, f);
	/* {{&nbsp;name&nbsp;}} would be a tag of "nbsp;name&nbsp;". */
	if (memmem(s, n, "nbsp;", 5) != NULL ||
	    memmem(s, n, "#160;", 5) != NULL)
		return reject_tag(u, tag,
		    "an editor has put &nbsp; into the tag, which stands for a "
		    "blank: take it out",
		    f);
	if (tag->kind == '>' || (n == 1 && s[0] == '.'))
		return 0;
	for (size_t i = 0; i < n; i++)
		if (s[i] == '.' && (i == 0 || i == n - 1 || s[i - 1] == '.'))
			return reject_tag(u, tag, "misplaced dot in a name", f);
	return 0;
}

int
template_tag_set_delimiters(struct template_tag_reader *r,
    const struct template_tag *tag, struct fail *f)
{
	const char *s = tag->text.p;
	size_t n = tag->text.n, a = 0, b = n;

	while (a < n && !ascii_is_space(s[a]))
		a++;
	while (b > a && !ascii_is_space(s[b - 1]))
		b--;
	r->opener = (struct str){s, a};
	r->closer = (struct str){s + b, n - b};
	if (a == 0 || b == n || a > 32 || n - b > 32 ||
	    str_strip((struct str){s + a, b - a}, " \t\r\n").n > 0 ||
	    memchr(s, '=', n) != NULL)
		return reject_tag(r->unit, tag, "not a pair of delimiters", f);
	return 0;
}
