#include "base/options.h"

#include <limits.h>
#include <stdlib.h>

#include "base/buf.h"
#include "unit.h"

#define ARGS 12

struct values {
	bool null;
	const char *dir;
	long long size;
	int64_t wait;
	int64_t bytes;
	struct option_list to;
	bool plain;
	char *argv[ARGS]; /* getopt_long() reorders them */
};

static void
put_version(struct buf *b)
{
	buf_adds(b, "libfoo 1.2\n");
}

/* Parse into *v; *out gets the text or the failure. */
static const struct option_rule *rules_used;

static enum options_result
parse_words(struct values *v, struct options *o, const char *const *argv,
    struct buf *out)
{
	struct option_spec specs[] = {
	    {.name = "null",
		.letter = '0',
		.type = OPTION_TYPE_FLAG,
		.value = &v->null,
		.help = "end names with NUL"},
	    {.name = "dir",
		.letter = 'd',
		.type = OPTION_TYPE_STRING,
		.value = &v->dir,
		.argument = "DIR",
		.help = "folder"},
	    {.name = "size",
		.type = OPTION_TYPE_NUMBER,
		.value = &v->size,
		.argument = "N",
		.setting = "EMAILS_PER_TASK",
		.min = 1,
		.max = 1000,
		.help = "records in a file, a help line that is long enough "
			"to be wrapped"},
	    {.name = "wait-for-it-a-very-long-name",
		.type = OPTION_TYPE_DURATION,
		.value = &v->wait,
		.argument = "TIME",
		.help = "wait"},
	    {.name = "bytes",
		.type = OPTION_TYPE_SIZE,
		.value = &v->bytes,
		.argument = "SIZE",
		.help = "bytes"},
	    {.name = "to",
		.type = OPTION_TYPE_LIST,
		.value = &v->to,
		.argument = "WHO",
		.help = "who"},
	    {.name = "plain",
		.type = OPTION_TYPE_FLAG,
		.value = &v->plain,
		.setting = "BM_PLAINTEXT",
		.help = "no TLS"},
	    {.name = NULL},
	};
	enum options_result result;
	struct fail f = {0};
	int argc = 0;

	*v = (struct values){.size = 7};
	*o = (struct options){.program = "prog",
	    .synopsis = "[-0] --dir DIR [FILE]\n--check",
	    .purpose = "Does things.",
	    .specs = specs,
	    .rules = rules_used,
	    .operands_max = 1,
	    .versions = put_version};
	while (argv[argc] != NULL)
		argc++;
	memcpy(v->argv, argv, (size_t)argc * sizeof(*argv));
	buf_reset(out);
	result = options_parse(o, argc, v->argv, out, &f);
	if (result == OPTIONS_ERROR) {
		buf_adds(out, f.text);
		ok(f.kind == FAIL_SYSTEM, "an error is SYSTEM");
	}
	options_free(o);
	return result;
}

static void
test_values(void)
{
	const char *argv[] = {"prog", "-0d", "x y", "--size=1000", "op",
	    "--wait", "1m", "--bytes", "2k", "--plain", NULL};
	struct buf out = {0};
	struct values v;
	struct options o;

	ok(parse_words(&v, &o, argv, &out) == OPTIONS_RUN, "all types parse");
	ok(v.null && v.plain, "flags");
	same(str_of(v.dir), "x y", "string behind joined letters");
	ok(v.size == 1000, "number at its bound");
	ok(v.wait == 60000, "duration, abbreviated name");
	ok(v.bytes == 2048, "size");
	ok(o.operand_count == 1 && strcmp(o.operands[0], "op") == 0,
	    "an operand between options");
	buf_free(&out);
}

/* Options that exclude each other, in both orders. */
static void
test_rules(void)
{
	static const struct option_rule rules[] = {
	    {OPTION_RULE_ALONE, "plain", "size"},
	    {OPTION_RULE_APART, "dir", "to"},
	    {0},
	};
	static const struct {
		const char *words[5], *error;
	} cases[] = {
	    {{"prog", "--plain"}, NULL},
	    {{"prog", "--plain", "--size=2"}, NULL},
	    {{"prog", "--size=2", "--verbose", "--plain"}, NULL},
	    {{"prog", "--plain", "--bytes=1k"},
		"--plain and --bytes exclude each other"},
	    {{"prog", "--wait=0", "--plain"},
		"--plain and --wait-for-it-a-very-long-name exclude each "
		"other"},
	    {{"prog", "a", "--plain"}, "--plain takes no operand 'a'"},
	    {{"prog", "--plain", "--plain"}, "--plain is given twice"},
	    {{"prog", "--dir=a", "--to=b"},
		"--dir and --to exclude each other"},
	    {{"prog", "--to=b", "--dir=a"},
		"--dir and --to exclude each other"},
	    {{"prog", "--dir=a", "--dir=b"},
		"--dir is given twice: 'a' and 'b'"},
	    {{"prog", "--dir=a", "-d", "a", "a"}, NULL},
	    {{"prog", "--to=a", "--to=b", "a"}, NULL},
	    {{"prog", "--dir=a", "--null"}, NULL},
	};
	struct values v;
	struct options o;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *words[6] = {NULL};
		struct buf out = {0};
		enum options_result got;

		memcpy(words, cases[i].words, sizeof(cases[i].words));
		rules_used = rules;
		got = parse_words(&v, &o, words, &out);
		rules_used = NULL;
		ok(cases[i].error == NULL
			? got == OPTIONS_RUN
			: got == OPTIONS_ERROR &&
			      str_starts(buf_str(&out), cases[i].error),
		    "rules %zu: %s", i, buf_cstr(&out));
		buf_free(&out);
	}
}

static void
test_operands(void)
{
	const char *dashes[] = {"prog", "--", "--size", NULL};
	const char *dash[] = {"prog", "-", NULL};
	const char *list[] = {"prog", "--to", "a", "--to=b", NULL};
	struct buf out = {0};
	struct values v;
	struct options o;

	ok(parse_words(&v, &o, dashes, &out) == OPTIONS_RUN && v.size == 100 &&
		strcmp(o.operands[0], "--size") == 0,
	    "-- ends the options");
	ok(parse_words(&v, &o, dash, &out) == OPTIONS_RUN &&
		strcmp(o.operands[0], "-") == 0,
	    "- is an operand");
	ok(parse_words(&v, &o, list, &out) == OPTIONS_RUN && v.to.items == NULL,
	    "options_free() empties lists");
	buf_free(&out);
}

static void
test_errors(void)
{
	static const struct {
		const char *argv[ARGS];
		const char *want;
	} cases[] = {
	    {{"prog", "--sise", "3"},
		"unknown option --sise, did you mean --size?"},
	    {{"prog", "--qqqqqqqqqq=1"}, "unknown option --qqqqqqqqqq"},
	    {{"prog", "-x"}, "unknown option -x"},
	    {{"prog", "-\xc3\xa9"}, "unknown option -?"},
	    {{"prog", "--dir"}, "option --dir needs a value"},
	    {{"prog", "-d"}, "option -d needs a value"},
	    {{"prog", "--null=1"}, "option --null takes no value"},
	    {{"prog", "a", "b"}, "unexpected operand 'b'"},
	    {{"prog", "-d", "a", "--dir=b"},
		"--dir is given twice: 'a' and 'b'"},
	};
	struct buf out = {0}, want = {0};
	struct values v;
	struct options o;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_reset(&want);
		buf_printf(&want, "%s; usage: prog [-0] --dir DIR [FILE]",
		    cases[i].want);
		ok(parse_words(&v, &o, cases[i].argv, &out) == OPTIONS_ERROR,
		    "%s", cases[i].want);
		same(buf_str(&out), buf_cstr(&want), "its text");
	}
	buf_free(&out);
	buf_free(&want);
}

static void
test_bounds(void)
{
	const char *low[] = {"prog", "--size", "0", NULL};
	const char *high[] = {"prog", "--size", "1001", NULL};
	const char *none[] = {"prog", "--size", "", NULL};
	const char **all[] = {low, high, none};
	struct buf out = {0};
	struct values v;
	struct options o;

	for (size_t i = 0; i < 3; i++) {
		ok(parse_words(&v, &o, all[i], &out) == OPTIONS_ERROR,
		    "--size '%s' is refused", all[i][2]);
		ok(str_starts(buf_str(&out), "--size: ") &&
			strstr(buf_cstr(&out), "; usage: prog ") != NULL,
		    "%s", buf_cstr(&out));
	}
	buf_free(&out);
}

static void
test_settings(void)
{
	const char *plain[] = {"prog", NULL};
	const char *given[] = {"prog", "--size", "8", "--print-config", NULL};
	struct buf out = {0};
	struct values v;
	struct options o;

	setenv("EMAILS_PER_TASK", "55", 1);
	setenv("BM_PLAINTEXT", "yes", 1);
	ok(parse_words(&v, &o, plain, &out) == OPTIONS_RUN && v.size == 55 &&
		v.plain,
	    "settings stand in for options");
	ok(parse_words(&v, &o, given, &out) == OPTIONS_TEXT && v.size == 8 &&
		strstr(buf_cstr(&out),
		    "\nEMAILS_PER_TASK=8  # command line\n") != NULL,
	    "an option wins over its setting");
	setenv("EMAILS_PER_TASK", "5000", 1);
	ok(parse_words(&v, &o, plain, &out) == OPTIONS_ERROR &&
		str_starts(buf_str(&out), "EMAILS_PER_TASK (environment): "),
	    "a setting is checked, and its origin named");
	unsetenv("EMAILS_PER_TASK");
	unsetenv("BM_PLAINTEXT");
	buf_free(&out);
}

static void
test_texts(void)
{
	static const char help[] =
	    "usage: prog [-0] --dir DIR [FILE]\n"
	    "       prog --check\n"
	    "\n"
	    "Does things.\n"
	    "\n"
	    "  -0, --null                end names with NUL\n"
	    "  -d, --dir DIR             folder\n"
	    "      --size N              records in a file, a help line that "
	    "is long enough\n"
	    "                            to be wrapped (1 to 1000; default "
	    "100)\n"
	    "                            [EMAILS_PER_TASK]\n"
	    "      --wait-for-it-a-very-long-name TIME\n"
	    "                            wait (a time)\n"
	    "      --bytes SIZE          bytes (a size)\n"
	    "      --to WHO              who (may be repeated)\n"
	    "      --plain               no TLS (default no) [BM_PLAINTEXT]\n"
	    "      --config FILE         read settings from FILE only\n"
	    "      --print-config        print each setting and its origin\n"
	    "  -v, --verbose             say more on stderr\n"
	    "  -h, --help                print this help\n"
	    "  -V, --version             print the version\n";
	const char *h[] = {"prog", "--help", "a", "b", NULL};
	const char *version[] = {"prog", "--version", NULL};
	struct buf out = {0};
	struct values v;
	struct options o;

	setenv("BM_CONFIG", "/nonexistent/bm.conf", 1);
	ok(parse_words(&v, &o, h, &out) == OPTIONS_TEXT, "--help");
	same(buf_str(&out), help, "columns, and lines of at most 80");
	ok(parse_words(&v, &o, version, &out) == OPTIONS_TEXT, "--version");
	same(buf_str(&out), "prog (bm) " BM_VERSION "\nlibfoo 1.2\n",
	    "versions");
	setenv("BM_CONFIG", "/dev/null", 1);
	buf_free(&out);
}

int
main(void)
{
	clearenv();
	setenv("BM_CONFIG", "/dev/null", 1);
	test_values();
	test_operands();
	test_rules();
	test_errors();
	test_bounds();
	test_settings();
	test_texts();
	return unit_end();
}
