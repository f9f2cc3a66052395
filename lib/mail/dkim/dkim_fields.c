#include "mail/dkim/dkim_fields.h"

#include <string.h>
#include <strings.h>

#include "mail/mime/addr.h"

static size_t
count_lines(struct str s)
{
	size_t n = 0;
	const char *p = s.p, *end = s.p + s.n;

	while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		p++;
		n++;
	}
	return n + 1;
}

/* The name of the field that begins a line; n is 0 if the line begins none. */
static struct str
read_name(struct str line)
{
	const char *colon = memchr(line.p, ':', line.n);
	struct str name;

	if (colon == NULL)
		return (struct str){line.p, 0};
	name = (struct str){line.p, (size_t)(colon - line.p)};
	while (name.n > 0 &&
	       (name.p[name.n - 1] == ' ' || name.p[name.n - 1] == '\t'))
		name.n--;
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] <= ' ' || name.p[i] > '~')
			return (struct str){line.p, 0};
	}
	return name;
}

static int
add_header_line(
    struct dkim_fields *h, struct str line, size_t number, struct fail *f)
{
	struct str name;

	if (line.p[0] == ' ' || line.p[0] == '\t') {
		if (h->count == 0)
			return fail_data(f, "the message begins with a blank, "
					    "where a header field should");
		h->all[h->count - 1].all.n += line.n;
		return 0;
	}
	name = read_name(line);
	if (name.n == 0)
		return fail_data(f,
		    "header line %zu of the message is no field: it has no "
		    "name and colon",
		    number);
	h->all[h->count++] = (struct dkim_field){name, line};
	return 0;
}

static struct str
cut_header(struct str *message)
{
	const char *end;
	struct str header = *message;

	if (str_starts(*message, "\r\n")) {
		header.n = 0;
		*message = (struct str){message->p + 2, message->n - 2};
		return header;
	}
	end = message->n > 0 ? memmem(message->p, message->n, "\r\n\r\n", 4)
			     : NULL;
	if (end == NULL) {
		*message = (struct str){header.p + header.n, 0};
		return header;
	}
	header.n = (size_t)(end + 2 - header.p);
	*message = (struct str){end + 4, message->n - header.n - 2};
	return header;
}

int
dkim_fields_parse(struct dkim_fields *h, struct str message,
    struct arena *arena, struct fail *f)
{
	struct str rest, line;
	size_t number = 0;

	h->body = message;
	rest = cut_header(&h->body);
	h->count = 0;
	h->all = arena_alloc(arena, count_lines(rest) * sizeof(*h->all));
	while (str_line(&rest, &line)) {
		line.n += rest.p > line.p + line.n; /* its newline */
		if (add_header_line(h, line, ++number, f) < 0)
			return -1;
	}
	return 0;
}

static bool
is_named(const struct dkim_field *field, struct str name)
{
	return field->name.n == name.n &&
	       strncasecmp(field->name.p, name.p, name.n) == 0;
}

const struct dkim_field *
dkim_fields_below(const struct dkim_fields *h, struct str name, size_t n)
{
	for (size_t i = h->count; i > 0; i--) {
		if (is_named(&h->all[i - 1], name) && n-- == 0)
			return &h->all[i - 1];
	}
	return NULL;
}

/*
 * The field's value with quoted strings, comments and folds as blanks, so that
 * what is left has no comma, bracket or @ but those of the syntax.
 */
static struct str
blank_texts(struct str s, struct arena *arena)
{
	char *out = arena_dup(arena, s.p, s.n);
	bool quoted = false;
	int depth = 0;

	for (size_t i = 0; i < s.n; i++) {
		bool inside = quoted || depth > 0;

		if (inside && s.p[i] == '\\' && i + 1 < s.n) {
			out[i++] = ' ';
			out[i] = ' ';
			continue;
		}
		if (s.p[i] == '"' && depth == 0)
			quoted = !quoted;
		else if (s.p[i] == '(' && !quoted)
			depth++;
		else if (s.p[i] == ')' && depth > 0)
			depth--;
		else if (!inside && s.p[i] != '\r' && s.p[i] != '\n' &&
			 s.p[i] != '\t')
			continue;
		/* A quoted local part must not vanish before its @. */
		out[i] = s.p[i] == '"' && depth == 0 ? '_' : ' ';
	}
	return (struct str){out, s.n};
}

int
dkim_fields_from(struct str *domain, const struct dkim_fields *h,
    struct arena *arena, struct fail *f)
{
	const struct dkim_field *from = dkim_fields_below(h, STR("From"), 0);
	struct addr a;
	struct str s, rest;
	const char *open, *at;

	if (from == NULL)
		return fail_data(f, "the message has no From");
	if (dkim_fields_below(h, STR("From"), 1) != NULL)
		return fail_data(f, "the message has two From");
	s = blank_texts(from->all, arena);
	rest = s;
	str_take(&rest, STR(":"));
	rest = str_strip(rest, " ,;");
	if (memchr(rest.p, ',', rest.n) != NULL)
		return fail_data(f, "From has more than one address");
	open = memchr(rest.p, '<', rest.n);
	if (open != NULL) {
		rest.n -= (size_t)(open + 1 - rest.p);
		rest.p = open + 1;
		rest = str_take(&rest, STR(">"));
	}
	rest = str_trim(rest);
	at = memrchr(rest.p, '@', rest.n);
	if (at == NULL)
		return fail_data(f, "From has no address");
	s = (struct str){at + 1, (size_t)(rest.p + rest.n - at - 1)};
	s = str_trim(s);
	s = str_of(arena_printf(arena, "x@%.*s", (int)s.n, s.p));
	if (addr_parse(&a, s, ADDR_RESERVED, arena, f) < 0)
		return fail_prefix(f, "From's domain");
	*domain = a.domain;
	return 0;
}

struct rule {
	const char *name;
	bool more;     /* signed once more than present */
	bool replaced; /* by Amazon SES */
};

/* RFC 6376 5.4.1, and the fields that providers judge a bulk mail by. */
static const struct rule rules[] = {
    {"from", true, false},
    {"to", true, false},
    {"cc", true, false},
    {"subject", true, false},
    {"date", true, true},
    {"message-id", true, true},
    {"reply-to", true, false},
    {"sender", false, false},
    {"in-reply-to", false, false},
    {"references", false, false},
    {"mime-version", true, false},
    {"content-type", true, false},
    {"content-transfer-encoding", true, false},
    {"list-id", false, false},
    {"list-unsubscribe", true, false},
    {"list-unsubscribe-post", true, false},
    {"feedback-id", false, false},
    {"auto-submitted", false, false},
};

void
dkim_fields_select(struct buf *b, const struct dkim_fields *h, bool ses)
{
	size_t start = b->len;

	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		const struct rule *rule = &rules[i];
		struct str name = str_of(rule->name);
		size_t n = rule->more ? 1 : 0;

		if (ses && rule->replaced)
			continue;
		for (size_t k = 0; k < h->count; k++)
			n += is_named(&h->all[k], name) ? 1 : 0;
		for (; n > 0; n--) {
			if (b->len > start)
				buf_addc(b, ':');
			buf_addstr(b, name);
		}
	}
}
