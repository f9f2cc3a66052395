#include "mail/mime/mime_field.h"

#include <string.h>

#include "base/ascii.h"

/* Copy in lower case as much as there is room for, with a NUL behind it. */
static void
copy_lower(char *out, size_t size, struct str s)
{
	size_t i;

	for (i = 0; i < s.n && i + 1 < size; i++)
		out[i] = ascii_lower(s.p[i]);
	out[i] = '\0';
}

/*
 * Take a parameter off *rest: "; name=value" or "; name="value"". A quoted
 * value goes to buffer without its backslashes.
 */
static bool
take_parameter(struct str *rest, struct str *name, struct str *value,
    char *buffer, size_t size)
{
	size_t n = 0;

	*rest = str_strip(*rest, "; \t");
	if (rest->n == 0)
		return false;
	*name = str_take(rest, STR("="));
	*name = str_trim(*name);
	*rest = str_trim(*rest);
	if (rest->n == 0 || rest->p[0] != '"') {
		*value = str_trim(str_take(rest, STR(";")));
		return true;
	}
	rest->p++;
	rest->n--;
	while (rest->n > 0 && rest->p[0] != '"') {
		size_t skip = rest->p[0] == '\\' && rest->n > 1;

		if (n < size)
			buffer[n++] = rest->p[skip];
		rest->p += skip + 1;
		rest->n -= skip + 1;
	}
	str_take(rest, STR(";"));
	*value = (struct str){buffer, n};
	return true;
}

static void
read_type(struct mime_field_type *t, struct str value)
{
	char buffer[sizeof(t->boundary)];
	struct str rest = value, name, v;

	if (t->given)
		return;
	t->given = true;
	copy_lower(
	    t->type, sizeof(t->type), str_trim(str_take(&rest, STR(";"))));
	while (take_parameter(&rest, &name, &v, buffer, sizeof(buffer))) {
		if (str_is_nocase(name, "report-type")) {
			copy_lower(t->report, sizeof(t->report), v);
		} else if (str_is_nocase(name, "boundary") && v.n > 0 &&
			   v.n < sizeof(t->boundary)) {
			memcpy(t->boundary, v.p, v.n);
			t->boundary_length = v.n;
		}
	}
}

void
mime_field_read(struct mime_field_type *t, struct str name, struct str value)
{
	if (str_is_nocase(name, "Content-Type")) {
		read_type(t, value);
	} else if (str_is_nocase(name, "Content-Transfer-Encoding")) {
		if (str_is_nocase(value, "quoted-printable"))
			t->encoding = MIME_DECODE_QP;
		else if (str_is_nocase(value, "base64"))
			t->encoding = MIME_DECODE_BASE64;
	}
}

void
mime_field_finish(struct mime_field_type *t)
{
	if (strchr(t->type, '/') == NULL)
		strcpy(t->type, "text/plain");
}
