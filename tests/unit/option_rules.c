#include "base/option_rules.h"

#include <stdlib.h>

#include "base/buf.h"
#include "unit.h"

/* The names of this table are single letters; "f" on a line is an operand. */
static const struct option_spec specs[] = {{.name = "a"}, {.name = "b"},
    {.name = "c"}, {.name = "d"}, {.name = "e"}, {.name = "g"}, {.name = "h"}};

#define COUNT (sizeof(specs) / sizeof(*specs))

static const struct option_rule apart[] = {{OPTION_RULE_APART, "a b c", NULL},
    {OPTION_RULE_APART, "a d", "e FILE"}, {0}};
static const struct option_rule needs[] = {{OPTION_RULE_NEEDS, "a", "b c"},
    {OPTION_RULE_NEEDS, "d", "FILE"}, {OPTION_RULE_NEEDS, "e", "a FILE"}, {0}};
static const struct option_rule alone[] = {{OPTION_RULE_ALONE, "a", NULL},
    {OPTION_RULE_ALONE, "b c", "d FILE"},
    {OPTION_RULE_ALONE_WITHOUT_FILE, "e", "d"}, {0}};

static const struct {
	const struct option_rule *rules;
	const char *line;
	const char *want; /* NULL: it is right */
} lines[] = {
    {NULL, "abcdegh", NULL},
    {apart, "", NULL},
    {apart, "agh", NULL},
    {apart, "bf", NULL},
    {apart, "be", NULL},
    {apart, "ab", "--a and --b exclude each other"},
    {apart, "bc", "--b and --c exclude each other"},
    {apart, "ae", "--a and --e exclude each other"},
    {apart, "de", "--d and --e exclude each other"},
    {apart, "ad", NULL},
    {apart, "df", "--d takes no operand 'file'"},
    {needs, "", NULL},
    {needs, "a", "--a needs --b or --c"},
    {needs, "ag", "--a needs --b or --c"},
    {needs, "ab", NULL},
    {needs, "ac", NULL},
    {needs, "b", NULL},
    {needs, "d", "--d needs a file"},
    {needs, "df", NULL},
    {needs, "e", "--e needs --a or a file"},
    {needs, "ef", NULL},
    {alone, "a", NULL},
    {alone, "ag", "--a and --g exclude each other"},
    {alone, "af", "--a takes no operand 'file'"},
    {alone, "bd", NULL},
    {alone, "bdf", NULL},
    {alone, "bc", "--b and --c exclude each other"},
    {alone, "ch", "--c and --h exclude each other"},
    {alone, "e", NULL},
    {alone, "ed", NULL},
    {alone, "eg", "--e and --g exclude each other"},
    {alone, "egf", NULL},
    {alone, "gh", NULL},
};

static void
test_lines(void)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		const char *given[COUNT] = {0}, *want = lines[i].want;
		struct option_rules r = {.rules = lines[i].rules,
		    .specs = specs,
		    .count = COUNT,
		    .given = given};
		struct fail f = {0};
		int rc;

		for (size_t j = 0; j < COUNT; j++) {
			if (strchr(lines[i].line, specs[j].name[0]) != NULL)
				given[j] = "yes";
		}
		if (strchr(lines[i].line, 'f') != NULL)
			r.operand = "file";
		rc = option_rules_check(&r, &f);
		ok(rc == (want == NULL ? 0 : -1), "'%s': %s", lines[i].line,
		    want != NULL ? want : "is right");
		if (want != NULL)
			same(str_of(f.text), want, "its text");
	}
}

static void
test_help(void)
{
	static const struct {
		const struct option_rule *rules;
		const char *name, *want;
	} cases[] = {
	    {NULL, "a", ""},
	    {apart, "a", "; not with --b, --c, --e, operands"},
	    {apart, "b", "; not with --a, --c"},
	    {apart, "e", "; not with --a, --d"},
	    {apart, "g", ""},
	    {needs, "a", "; needs --b or --c"},
	    {needs, "d", "; needs a file"},
	    {needs, "e", "; needs --a or a file"},
	    {alone, "a", "; with nothing else"},
	    {alone, "c", "; with nothing else but --d and files"},
	    {alone, "e", "; with nothing else but --d unless there is a file"},
	    {alone, "d", ""},
	};
	struct buf b = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		buf_reset(&b);
		option_rules_put(&b, cases[i].rules, cases[i].name);
		same(buf_str(&b), cases[i].want, "what --help says");
	}
	buf_free(&b);
}

static void
test_actions(void)
{
	ok(option_rules_is_action(alone, "a") &&
		option_rules_is_action(alone, "c"),
	    "what stands alone is an action");
	ok(!option_rules_is_action(alone, "d") &&
		!option_rules_is_action(alone, "e") &&
		!option_rules_is_action(apart, "a") &&
		!option_rules_is_action(NULL, "a"),
	    "other options are not");
}

int
main(void)
{
	test_lines();
	test_help();
	test_actions();
	return unit_end();
}
