#include "base/usage.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "base/settings_spec.h"

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

struct usage_default *
usage_defaults_new(const struct option_spec *specs, size_t count)
{
	struct usage_default *all = mem_new(count * sizeof(*all));

	for (size_t i = 0; i < count; i++) {
		switch (specs[i].type) {
		case OPTION_TYPE_FLAG:
		case OPTION_TYPE_LIST:
			break;
		case OPTION_TYPE_STRING:
			all[i].text = *(const char **)specs[i].value;
			break;
		case OPTION_TYPE_NUMBER:
			all[i].number = *(long long *)specs[i].value;
			break;
		case OPTION_TYPE_DURATION:
		case OPTION_TYPE_SIZE:
			all[i].number = *(int64_t *)specs[i].value;
			break;
		}
	}
	return all;
}

struct unit {
	const char *name;
	long long factor;
};

/* Append a number in the largest unit that divides it; the last one is 1. */
static void
put_with_unit(struct buf *b, long long n, const struct unit *units)
{
	while (n % units->factor != 0)
		units++;
	buf_printf(b, "%lld%s", n / units->factor, units->name);
}

static void
put_duration(struct buf *b, long long ms)
{
	static const struct unit units[] = {
	    {"h", 3600000}, {"min", 60000}, {"s", 1000}, {"ms", 1}};

	put_with_unit(b, ms, units);
}

static void
put_size(struct buf *b, long long bytes)
{
	static const struct unit units[] = {
	    {"M", 1 << 20}, {"k", 1 << 10}, {"", 1}};

	put_with_unit(b, bytes, units);
}

static void
put_bounds(struct buf *b, const struct option_spec *spec)
{
	if (spec->type == OPTION_TYPE_DURATION)
		buf_adds(b, "; a time");
	if (spec->type == OPTION_TYPE_SIZE)
		buf_adds(b, "; a size");
	if (spec->type != OPTION_TYPE_NUMBER)
		return;
	buf_printf(b, "; %lld ", spec->min);
	if (spec->max == 0 || spec->max >= INT_MAX)
		buf_adds(b, "or more");
	else
		buf_printf(b, "to %lld", spec->max);
}

/* The setting's, if the option has one; numbers below their bounds are none. */
static void
put_default(struct buf *b, const struct option_spec *spec,
    const struct usage_default *standard)
{
	const char *text = standard->text;

	if (spec->setting != NULL)
		text = settings_spec_find(spec->setting)->fallback;
	if (text != NULL) {
		buf_printf(b, "; default %s", text);
		return;
	}
	if (spec->setting != NULL || standard->number <= 0 ||
	    standard->number < spec->min)
		return;
	buf_adds(b, "; default ");
	if (spec->type == OPTION_TYPE_DURATION)
		put_duration(b, standard->number);
	else if (spec->type == OPTION_TYPE_SIZE)
		put_size(b, standard->number);
	else
		buf_printf(b, "%lld", standard->number);
}

/* Leave in b what stands in the parentheses, each item behind "; ". */
static void
list_notes(struct buf *b, const struct usage *u, size_t i)
{
	const struct option_spec *spec = &u->specs[i];

	put_bounds(b, spec);
	put_default(b, spec, &u->defaults[i]);
	if (option_rules_has(u->required, spec->name))
		buf_adds(b, "; required");
	if (spec->type == OPTION_TYPE_LIST)
		buf_adds(b, "; may be repeated");
	option_rules_put(b, u->rules, spec->name);
}

static void
put_notes(struct buf *b, const struct usage *u, size_t i, size_t *column)
{
	const char *setting = u->specs[i].setting;
	struct buf notes = {0}, text = {0};

	list_notes(&notes, u, i);
	if (notes.len > 0)
		buf_printf(&text, "(%s)", buf_cstr(&notes) + 2);
	if (setting != NULL)
		buf_printf(&text, "%s[%s]", text.len > 0 ? " " : "", setting);
	put_words(b, buf_cstr(&text), column);
	buf_free(&notes);
	buf_free(&text);
}

static void
put_option(struct buf *b, const struct usage *u, size_t i)
{
	const struct option_spec *spec = &u->specs[i];
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
	put_notes(b, u, i, &column);
	buf_addc(b, '\n');
}

void
usage_put(struct buf *b, const struct usage *u)
{
	put_synopsis(b, u);
	buf_printf(b, "\n%s\n\n", u->purpose);
	for (size_t i = 0; i < u->count; i++)
		put_option(b, u, i);
}
