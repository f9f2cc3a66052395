#include "port/mailing/text_file.h"

#include <stdbool.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/utf8.h"

static size_t
count_line_at(struct str s, size_t at)
{
	size_t i, line = 1;

	for (i = 0; i < at; i++)
		line += s.p[i] == '\n';
	return line;
}

static bool
is_bad_control(char c)
{
	return (unsigned char)c < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

int
text_file_check(struct str s, const char *name, struct fail *f)
{
	size_t i = utf8_valid(s.p, s.n);

	if (i < s.n)
		return fail_system(
		    f, "%s:%zu: invalid UTF-8", name, count_line_at(s, i));
	for (i = 0; i < s.n; i++) {
		if (is_bad_control(s.p[i]))
			return fail_system(f,
			    "%s:%zu: control character U+%04X", name,
			    count_line_at(s, i),
			    (unsigned)(unsigned char)s.p[i]);
	}
	return 0;
}

int
text_file_check_line(struct str s, const char *name, struct fail *f)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\r' || s.p[i] == '\n')
			return fail_system(f, "%s: a line break", name);
	}
	return text_file_check(s, name, f);
}

int
text_file_read(
    struct str *out, const char *path, struct arena *a, struct fail *f)
{
	struct buf b = {0};
	struct str s;

	if (file_read(&b, path, TEXT_FILE_MAX, NULL, f) < 0) {
		buf_free(&b);
		return -1;
	}
	s = arena_str(a, buf_str(&b));
	buf_free(&b);
	if (str_starts(s, "\xef\xbb\xbf"))
		s = (struct str){s.p + 3, s.n - 3};
	*out = s;
	return text_file_check(s, path, f);
}
