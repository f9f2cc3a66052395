/*
 * The whole of the unit tests' framework: TAP on stdout. Include it once in a
 * test program; main() ends with "return unit_end();".
 */
#ifndef UNIT_H
#define UNIT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

static int unit_count;
static int unit_failed;

__attribute__((format(printf, 2, 3), unused)) static bool
ok(bool good, const char *fmt, ...)
{
	va_list ap;

	unit_count++;
	if (!good)
		unit_failed++;
	printf("%sok %d - ", good ? "" : "not ", unit_count);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	return good;
}

__attribute__((unused)) static bool
same(struct str got, const char *want, const char *name)
{
	bool good = str_is(got, want);

	ok(good, "%s", name);
	if (!good)
		printf("#   got: [%.*s]\n#  want: [%s]\n", (int)got.n, got.p,
		    want);
	return good;
}

__attribute__((unused)) static int
unit_end(void)
{
	printf("1..%d\n", unit_count);
	return unit_failed > 0;
}

#endif
