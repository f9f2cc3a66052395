#include "base/usage.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define WIDTH 80  /* columns */
#define INDENT 28 /* column where the explanations start */

static void
put_synopsis(struct buf *b, const struct usage *u)
{
	const char *head = "usage:";
	struct str rest = str_of(u->synopsis), line;

	while (str_line(&rest, &line)) {
		buf_printf(
		    b, "%s %s %.*s\n", head, u->program, (int)line.n, line.p);
		head = "      ";
	}
}

/* Break lines between words at WIDTH; *column is the next word's column. */
static void
put_words(struct buf *b, const char *s, size_t *column)
{
	while (*s != '\0') {
		size_t n = strcspn(s, " ");

		if (*column > INDENT && *column + 1 + n > WIDTH) {
			buf_printf(b, "\n%*s", INDENT, "");
			*column = INDENT;
		} else if (*column > INDENT) {
			buf_addc(b, ' ');
			++*column;
		}
		buf_add(b, s, n);
		*column += n;
		s += n + strspn(s + n, " ");
	}
}

static void
put_option(struct buf *b, const struct option_spec *spec)
{
	size_t start = b->len, column;

	if (spec->letter != 0)
		buf_printf(b, "  -%c, --%s", spec->letter, spec->name);
	else
		buf_printf(b, "      --%s", spec->name);
	if (spec->argument != NULL)
		buf_printf(b, " %s", spec->argument);
	column = b->len - start;
	if (column + 2 > INDENT) {
		buf_addc(b, '\n');
		column = 0;
	}
	buf_printf(b, "%*s", INDENT - (int)column, "");
	column = INDENT;
	put_words(b, spec->help, &column);
	if (spec->setting != NULL) {
		char *name = mem_new(strlen(spec->setting) + 3);

		strcat(strcat(strcat(name, "["), spec->setting), "]");
		put_words(b, name, &column);
		free(name);
	}
	buf_addc(b, '\n');
}

void
usage_put(struct buf *b, const struct usage *u)
{
	put_synopsis(b, u);
	buf_printf(b, "\n%s\n\n", u->purpose);
	for (size_t i = 0; i < u->count; i++)
		put_option(b, &u->specs[i]);
}
