#include "base/fail.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/harmless.h"

/* vsnprintf() may have cut a UTF-8 character at the end of the text. */
static void
cut_half_character(char *s)
{
	size_t n = strlen(s), i = n;

	while (i > 0 && n - i < 4 && ((unsigned char)s[i - 1] & 0xC0) == 0x80)
		i--;
	if (i > 0 && (unsigned char)s[i - 1] >= 0xC0) {
		unsigned char lead = (unsigned char)s[i - 1];
		size_t need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;

		if (n - (i - 1) < need)
			s[i - 1] = '\0';
	}
}

static int __attribute__((format(printf, 3, 0)))
set_fail(struct fail *f, enum fail_kind kind, const char *fmt, va_list ap)
{
	char text[sizeof(f->text)]; /* an argument may be f->text */

	vsnprintf(text, sizeof(text), fmt, ap);
	cut_half_character(text);
	/* Quoted input must not reach a terminal as it is. */
	text[harmless_text(text, strlen(text))] = '\0';
	memcpy(f->text, text, sizeof(text));
	f->kind = kind;
	return -1;
}

int
fail_data(struct fail *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set_fail(f, FAIL_DATA, fmt, ap);
	va_end(ap);
	return -1;
}

int
fail_temp(struct fail *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set_fail(f, FAIL_TEMP, fmt, ap);
	va_end(ap);
	return -1;
}

int
fail_system(struct fail *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set_fail(f, FAIL_SYSTEM, fmt, ap);
	va_end(ap);
	return -1;
}

int
fail_errno(struct fail *f, const char *fmt, ...)
{
	int saved = errno;
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	set_fail(f, FAIL_SYSTEM, fmt, ap);
	va_end(ap);
	n = strlen(f->text);
	snprintf(f->text + n, sizeof(f->text) - n, ": %s", strerror(saved));
	errno = saved;
	return -1;
}

int
fail_prefix(struct fail *f, const char *fmt, ...)
{
	char old[sizeof(f->text)];
	enum fail_kind kind = f->kind;
	va_list ap;
	size_t n;

	memcpy(old, f->text, sizeof(old));
	va_start(ap, fmt);
	set_fail(f, kind, fmt, ap);
	va_end(ap);
	n = strlen(f->text);
	snprintf(f->text + n, sizeof(f->text) - n, ": %s", old);
	cut_half_character(f->text);
	return -1;
}

int
fail_status(const struct fail *f)
{
	switch (f->kind) {
	case FAIL_NONE:
		return 0;
	case FAIL_DATA:
		return 1;
	case FAIL_TEMP:
		return 75;
	case FAIL_SYSTEM:
		break;
	}
	return 2;
}
