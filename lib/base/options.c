#include "base/options.h"

#include <ctype.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/near.h"
#include "base/num.h"
#include "base/option_rules.h"
#include "base/usage.h"

/* The options that every program has. */
struct common {
	bool help, version, print_config;
	const char *config;
};

/* The command line being parsed. */
struct parse {
	struct options *o;
	struct common common;
	struct option_spec *specs; /* the program's, then the common ones */
	size_t count, own;         /* all; those of the program */
	struct option *longs;      /* for getopt_long(), in the same order */
	struct buf letters;
	struct usage_default *defaults; /* what the variables hold at first */
	const char **given; /* the argument or "yes"; NULL if not given */
	struct buf *text;
	struct fail *f;
};

static size_t
count_specs(const struct option_spec *specs)
{
	size_t n = 0;

	while (specs[n].name != NULL)
		n++;
	return n;
}

static void
join_specs(struct parse *p)
{
	struct common *c = &p->common;
	const struct option_spec extra[] = {
	    OPTION_TEXT("config", 0, &c->config, "FILE", NULL,
		"read settings from FILE only"),
	    OPTION_FLAG("print-config", 0, &c->print_config,
		"print each setting and its origin"),
	    OPTION_FLAG("verbose", 'v', &p->o->verbose, "say more on stderr"),
	    OPTION_FLAG("help", 'h', &c->help, "print this help"),
	    OPTION_FLAG("version", 'V', &c->version, "print the version"),
	};
	size_t own = count_specs(p->o->specs);
	size_t more = sizeof(extra) / sizeof(extra[0]);

	p->own = own;
	p->count = own + more;
	p->specs = mem_new(p->count * sizeof(*p->specs));
	memcpy(p->specs, p->o->specs, own * sizeof(*p->specs));
	memcpy(p->specs + own, extra, sizeof(extra));
	p->given = mem_new(p->count * sizeof(*p->given));
}

/* A long option is known to getopt_long() as 256 + its index. */
static int
choose_getopt(const struct option_spec *spec)
{
	if (spec->type == OPTION_TYPE_FLAG)
		return no_argument;
	return strncmp(spec->argument, "[=", 2) == 0 ? optional_argument
						     : required_argument;
}

static void
fill_getopt(struct parse *p)
{
	p->longs = mem_new((p->count + 1) * sizeof(*p->longs));
	buf_addc(&p->letters, ':');
	for (size_t i = 0; i < p->count; i++) {
		const struct option_spec *spec = &p->specs[i];

		p->longs[i] = (struct option){
		    spec->name, choose_getopt(spec), NULL, 256 + (int)i};
		if (spec->letter == 0)
			continue;
		buf_addc(&p->letters, spec->letter);
		if (spec->type != OPTION_TYPE_FLAG)
			buf_addc(&p->letters, ':');
	}
}

/* Append the usage line to a failure; returns -1. */
static int
add_usage(struct parse *p)
{
	struct str rest = str_of(p->o->synopsis), line = {0};

	str_line(&rest, &line);
	fail_system(p->f, "%s; usage: %s %.*s", p->f->text, p->o->program,
	    (int)line.n, line.p);
	return -1;
}

static int
refuse_unknown(struct parse *p, const char *arg)
{
	const char *name = arg + strspn(arg, "-");
	struct near near = {.name = {name, strcspn(name, "=")}};

	for (size_t i = 0; i < p->count; i++)
		near_offer(&near, str_of(p->specs[i].name));
	if (near.best.p != NULL)
		fail_system(p->f, "unknown option --%.*s, did you mean --%s?",
		    (int)near.name.n, name, near.best.p);
	else
		fail_system(
		    p->f, "unknown option --%.*s", (int)near.name.n, name);
	return add_usage(p);
}

/* getopt_long() returns '?' for four mistakes; optopt tells them apart. */
static int
refuse_option(struct parse *p, const char *arg)
{
	if (optopt >= 256) {
		fail_system(p->f, "option --%s takes no value",
		    p->specs[optopt - 256].name);
		return add_usage(p);
	}
	if (optopt == 0)
		return refuse_unknown(p, arg);
	fail_system(p->f, "unknown option -%c", isgraph(optopt) ? optopt : '?');
	return add_usage(p);
}

static int
refuse_missing(struct parse *p)
{
	if (optopt >= 256)
		fail_system(p->f, "option --%s needs a value",
		    p->specs[optopt - 256].name);
	else
		fail_system(p->f, "option -%c needs a value", optopt);
	return add_usage(p);
}

static void
append_value(struct option_list *list, const char *value)
{
	list->items =
	    mem_grow(list->items, list->count + 1, sizeof(*list->items));
	list->items[list->count++] = value;
}

static int
convert_value(const struct option_spec *spec, const char *value, struct fail *f)
{
	struct str s = str_of(value);
	long long max = spec->max != 0 ? spec->max : INT64_MAX;

	switch (spec->type) {
	case OPTION_TYPE_FLAG:
		return num_bool(s, spec->value, f);
	case OPTION_TYPE_STRING:
		*(const char **)spec->value = value;
		return 0;
	case OPTION_TYPE_LIST:
		append_value(spec->value, value);
		return 0;
	case OPTION_TYPE_NUMBER:
		return num_parse(s, spec->min, max, spec->value, f);
	case OPTION_TYPE_DURATION:
		return num_duration(s, spec->unit, spec->value, f);
	case OPTION_TYPE_SIZE:
		break;
	}
	return num_size(s, spec->unit, spec->value, f);
}

static size_t
find_letter(const struct parse *p, int letter)
{
	size_t i = 0;

	while (p->specs[i].letter != letter)
		i++;
	return i;
}

/* An action is taken once; of two values neither is ignored. */
static int
refuse_twice(const struct parse *p, size_t i, const char *value)
{
	const struct option_spec *spec = &p->specs[i];

	if (option_rules_is_action(p->o->rules, spec->name))
		return fail_system(p->f, "--%s is given twice", spec->name);
	if (value == NULL || spec->type == OPTION_TYPE_LIST ||
	    strcmp(p->given[i], value) == 0)
		return 0;
	return fail_system(p->f, "--%s is given twice: '%s' and '%s'",
	    spec->name, p->given[i], value);
}

static int
take_option(struct parse *p, size_t i, const char *value)
{
	const struct option_spec *spec = &p->specs[i];

	if (p->given[i] != NULL && refuse_twice(p, i, value) < 0)
		return add_usage(p);
	p->given[i] = value == NULL ? "yes" : value;
	if (value == NULL && spec->type == OPTION_TYPE_DURATION) {
		*(int64_t *)spec->value = spec->min;
		return 0;
	}
	if (spec->type == OPTION_TYPE_FLAG) {
		*(bool *)spec->value = true;
		return 0;
	}
	if (convert_value(spec, value, p->f) == 0)
		return 0;
	fail_prefix(p->f, "--%s", spec->name);
	return add_usage(p);
}

static int
take_options(struct parse *p, int argc, char **argv)
{
	int c;

	opterr = 0;
	optind = 0; /* glibc: start over, for a second table in one process */
	while ((c = getopt_long(
		    argc, argv, buf_cstr(&p->letters), p->longs, NULL)) != -1) {
		size_t i;

		if (c == '?')
			return refuse_option(p, argv[optind - 1]);
		if (c == ':')
			return refuse_missing(p);
		i = c >= 256 ? (size_t)c - 256 : find_letter(p, c);
		if (take_option(p, i, optarg) < 0)
			return -1;
	}
	p->o->operands = argv + optind;
	p->o->operand_count = argc - optind;
	return 0;
}

static int
check_rules(struct parse *p)
{
	const struct options *o = p->o;
	const struct option_rules rules = {.rules = o->rules,
	    .specs = p->specs,
	    .count = p->own,
	    .given = p->given,
	    .operand = o->operand_count > 0 ? o->operands[0] : NULL};

	return option_rules_check(&rules, p->f) < 0 ? add_usage(p) : 0;
}

static int
check_complete(struct parse *p)
{
	const struct options *o = p->o;

	if (check_rules(p) < 0)
		return -1;
	for (size_t i = 0; i < p->count; i++) {
		if (option_rules_has(o->required, p->specs[i].name) &&
		    p->given[i] == NULL) {
			fail_system(p->f, "--%s is missing", p->specs[i].name);
			return add_usage(p);
		}
	}
	if (o->operand_count < o->operands_min) {
		fail_system(p->f, "an operand is missing");
		return add_usage(p);
	}
	if (o->operands_max >= 0 && o->operand_count > o->operands_max) {
		fail_system(p->f, "unexpected operand '%s'",
		    o->operands[o->operands_max]);
		return add_usage(p);
	}
	return 0;
}

/* The option overrides the setting; without it, the setting is checked. */
static int
apply_setting(struct parse *p, size_t i)
{
	const struct option_spec *spec = &p->specs[i];
	struct settings *s = p->o->settings;
	const char *value;

	if (p->given[i] != NULL) {
		settings_override(s, spec->setting, p->given[i]);
		return 0;
	}
	value = settings_get(s, spec->setting);
	if (value == NULL || convert_value(spec, value, p->f) == 0)
		return 0;
	return settings_refuse(s, spec->setting, p->f);
}

static int
apply_settings(struct parse *p)
{
	p->o->config = p->common.config;
	if (settings_new(&p->o->settings, p->common.config, p->f) < 0)
		return -1;
	for (size_t i = 0; i < p->count; i++) {
		if (p->specs[i].setting != NULL && apply_setting(p, i) < 0)
			return -1;
	}
	return 0;
}

static void
put_help(struct parse *p)
{
	const struct usage usage = {.program = p->o->program,
	    .synopsis = p->o->synopsis,
	    .purpose = p->o->purpose,
	    .required = p->o->required,
	    .rules = p->o->rules,
	    .specs = p->specs,
	    .count = p->count,
	    .defaults = p->defaults};

	usage_put(p->text, &usage);
}

static void
put_version(struct parse *p)
{
	buf_printf(p->text, "%s (bm) " BM_VERSION "\n", p->o->program);
	if (p->o->versions != NULL)
		p->o->versions(p->text);
}

static enum options_result
parse_all(struct parse *p, int argc, char **argv)
{
	if (take_options(p, argc, argv) < 0)
		return OPTIONS_ERROR;
	if (p->common.help || p->common.version) {
		(p->common.help ? put_help : put_version)(p);
		return OPTIONS_TEXT;
	}
	if (!p->common.print_config && check_complete(p) < 0)
		return OPTIONS_ERROR;
	if (apply_settings(p) < 0)
		return OPTIONS_ERROR;
	if (!p->common.print_config)
		return OPTIONS_RUN;
	settings_print(p->o->settings, p->text);
	return OPTIONS_TEXT;
}

enum options_result
options_parse(
    struct options *o, int argc, char **argv, struct buf *text, struct fail *f)
{
	struct parse p = {.o = o, .text = text, .f = f};
	enum options_result result;

	join_specs(&p);
	p.defaults = usage_defaults_new(p.specs, p.count);
	fill_getopt(&p);
	result = parse_all(&p, argc, argv);
	free(p.specs);
	free(p.longs);
	free(p.given);
	free(p.defaults);
	buf_free(&p.letters);
	return result;
}

void
options_free(struct options *o)
{
	for (size_t i = 0; o->specs[i].name != NULL; i++) {
		struct option_list *list = o->specs[i].value;

		if (o->specs[i].type == OPTION_TYPE_LIST) {
			free(list->items);
			*list = (struct option_list){0};
		}
	}
	settings_free(o->settings);
	o->settings = NULL;
}
