#include "base/conf.h"

#include <stdbool.h>
#include <string.h>

static bool
has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return true;
	}
	return false;
}

static struct str
trim_line(struct str s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = (struct str){s.p + 1, s.n - 1};
	while (s.n > 0 && strchr(" \t\r", s.p[s.n - 1]) != NULL)
		s.n--;
	return s;
}

/* In double quotes, a backslash makes the next byte literal. */
static int
unquote_value(struct str s, struct buf *out, struct fail *f)
{
	if (s.n == 0 || s.p[0] != '"') {
		buf_addstr(out, s);
		return 0;
	}
	for (size_t i = 1; i < s.n; i++) {
		if (s.p[i] == '"' && i + 1 == s.n)
			return 0;
		if (s.p[i] == '"')
			return fail_system(f, "text behind the closing quote");
		if (s.p[i] == '\\' && i + 1 < s.n)
			i++;
		buf_addc(out, s.p[i]);
	}
	return fail_system(f, "the closing quote is missing");
}

static int
parse_conf_line(
    struct str line, const char *origin, conf_fn *fn, void *ctx, struct fail *f)
{
	const char *equals;
	struct buf value = {0};
	struct str name, rest;
	int result;

	line = trim_line(line);
	if (line.n == 0 || line.p[0] == '#')
		return 0;
	if (has_control(line))
		return fail_system(f, "a control character in the line");
	equals = memchr(line.p, '=', line.n);
	if (equals == NULL)
		return fail_system(f, "not of the form NAME=value");
	name = trim_line((struct str){line.p, (size_t)(equals - line.p)});
	rest.p = equals + 1;
	rest.n = line.n - (size_t)(rest.p - line.p);
	result = unquote_value(trim_line(rest), &value, f);
	if (result == 0)
		result = fn(ctx, name, buf_str(&value), origin, f);
	buf_free(&value);
	return result;
}

int
conf_parse(
    struct str text, const char *path, conf_fn *fn, void *ctx, struct fail *f)
{
	struct buf origin = {0};
	struct str line;
	unsigned long number = 0;
	int result = 0;

	/* Editors of Windows begin a file with a byte order mark. */
	if (str_starts(text, "\xef\xbb\xbf"))
		text = (struct str){text.p + 3, text.n - 3};
	while (result == 0 && str_line(&text, &line)) {
		buf_reset(&origin);
		buf_printf(&origin, "%s:%lu", path, ++number);
		result = parse_conf_line(line, buf_cstr(&origin), fn, ctx, f);
		if (result < 0)
			fail_prefix(f, "%s", buf_cstr(&origin));
	}
	buf_free(&origin);
	return result;
}

void
conf_put_value(struct buf *b, const char *value)
{
	if (strpbrk(value, " \"\\#'") == NULL) {
		buf_adds(b, value);
		return;
	}
	buf_addc(b, '"');
	for (; *value != '\0'; value++) {
		if (*value == '"' || *value == '\\')
			buf_addc(b, '\\');
		buf_addc(b, *value);
	}
	buf_addc(b, '"');
}
