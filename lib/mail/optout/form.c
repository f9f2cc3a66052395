#include "mail/optout/form.h"

#include <string.h>

#include "base/num.h"

#define BOUNDARY_MAX 70 /* RFC 2046 5.1.1 */

static bool
add_field(struct form *form, struct str name, struct str value)
{
	if (form->count == FORM_MAX)
		return false;
	form->fields[form->count++] = (struct form_field){name, value};
	return true;
}

/* Decode percent-encoding into the arena; absent if it is malformed. */
static struct str
decode_percent(struct str s, struct arena *arena)
{
	char *out = arena_alloc(arena, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '+') {
			out[n++] = ' ';
		} else if (s.p[i] != '%') {
			out[n++] = s.p[i];
		} else {
			int byte = num_hex_byte(s.p + i + 1, s.p + s.n);

			if (byte < 0)
				return (struct str){0};
			out[n++] = (char)byte;
			i += 2;
		}
	}
	return (struct str){out, n};
}

bool
form_parse_query(struct form *form, struct str query, struct arena *arena)
{
	form->count = 0;
	while (query.n > 0) {
		struct str value = str_take(&query, STR("&"));
		struct str name = str_take(&value, STR("="));

		if (name.n == 0 && value.n == 0)
			continue;
		name = decode_percent(name, arena);
		value = decode_percent(value, arena);
		if (name.p == NULL || value.p == NULL ||
		    !add_field(form, name, value))
			return false;
	}
	return true;
}

/* The value of a MIME parameter, without its quotes; absent if missing. */
static struct str
find_parameter(struct str header, const char *name)
{
	struct str value = header;
	size_t n = strlen(name);

	str_take(&value, STR(";"));
	while (value.n > 0) {
		struct str one = str_trim(str_take(&value, STR(";")));

		if (one.n <= n || one.p[n] != '=' ||
		    !str_is_nocase((struct str){one.p, n}, name))
			continue;
		one = (struct str){one.p + n + 1, one.n - n - 1};
		if (one.n >= 2 && *one.p == '"' && one.p[one.n - 1] == '"')
			one = (struct str){one.p + 1, one.n - 2};
		return one;
	}
	return (struct str){0};
}

/* Parse one part: header, empty line and value, between two delimiters. */
static bool
parse_part(struct form *form, struct str part)
{
	struct str value = part;
	struct str head = str_take(&value, STR("\r\n\r\n"));
	struct str name = {0};

	if (head.n == part.n)
		return false;
	while (head.n > 0) {
		struct str line = str_take(&head, STR("\r\n"));

		if (line.n > 20 && str_is_nocase((struct str){line.p, 20},
				       "Content-Disposition:"))
			name = find_parameter(line, "name");
	}
	return name.p != NULL && add_field(form, name, value);
}

static bool
parse_multipart(struct form *form, struct str boundary, struct str body,
    struct arena *arena)
{
	char *delimiter;
	struct str part;

	if (boundary.n == 0 || boundary.n > BOUNDARY_MAX ||
	    memchr(boundary.p, '\0', boundary.n) != NULL)
		return false;
	delimiter =
	    arena_printf(arena, "\r\n--%.*s", (int)boundary.n, boundary.p);
	if (str_starts(body, delimiter + 2)) {
		body.p += boundary.n + 2;
		body.n -= boundary.n + 2;
	} else {
		str_take(&body, str_of(delimiter));
	}
	while (str_starts(body, "\r\n")) {
		body.p += 2;
		body.n -= 2;
		part = str_take(&body, str_of(delimiter));
		if (body.n == 0 || !parse_part(form, part))
			return false;
	}
	return str_starts(body, "--");
}

bool
form_parse(struct form *form, struct str content_type, struct str body,
    struct arena *arena)
{
	struct str rest = content_type;
	struct str type = str_take(&rest, STR(";"));

	form->count = 0;
	type = str_trim(type);
	if (type.n == 0 ||
	    str_is_nocase(type, "application/x-www-form-urlencoded"))
		return form_parse_query(form, body, arena);
	return str_is_nocase(type, "multipart/form-data") &&
	       parse_multipart(
		   form, find_parameter(content_type, "boundary"), body, arena);
}

struct str
form_get(const struct form *form, const char *name)
{
	struct str value = {0};
	bool found = false;

	for (size_t i = 0; i < form->count; i++) {
		if (!str_is(form->fields[i].name, name))
			continue;
		if (found)
			return (struct str){0};
		found = true;
		value = form->fields[i].value;
	}
	return value;
}
