#include "base/option_rules.h"

#include <string.h>

#include "base/str.h"

#define OPERAND "FILE"

/* Take the next name off *names, which may be NULL; false at the end. */
static bool
take_name(const char **names, struct str *name)
{
	const char *s = *names != NULL ? *names : "";

	*name = (struct str){s, strcspn(s, " ")};
	*names = s + name->n + strspn(s + name->n, " ");
	return name->n > 0;
}

bool
option_rules_has(const char *names, const char *name)
{
	struct str s;

	while (take_name(&names, &s)) {
		if (str_is(s, name))
			return true;
	}
	return false;
}

bool
option_rules_is_action(const struct option_rule *rule, const char *name)
{
	for (; rule != NULL && rule->kind != OPTION_RULE_END; rule++) {
		if (rule->kind == OPTION_RULE_ALONE &&
		    option_rules_has(rule->names, name))
			return true;
	}
	return false;
}

static bool
is_given(const struct option_rules *r, struct str name)
{
	if (str_is(name, OPERAND))
		return r->operand != NULL;
	for (size_t i = 0; i < r->count; i++) {
		if (str_is(name, r->specs[i].name))
			return r->given[i] != NULL;
	}
	return false;
}

/* The first of the names that is given, other than this one. */
static bool
find_given(const struct option_rules *r, const char *names, struct str except,
    struct str *found)
{
	while (take_name(&names, found)) {
		if (!str_eq(*found, except) && is_given(r, *found))
			return true;
	}
	return false;
}

static int
refuse_pair(
    const struct option_rules *r, struct str a, struct str b, struct fail *f)
{
	if (str_is(a, OPERAND))
		return refuse_pair(r, b, a, f);
	if (str_is(b, OPERAND))
		return fail_system(f, "--%.*s takes no operand '%s'", (int)a.n,
		    a.p, r->operand);
	return fail_system(f, "--%.*s and --%.*s exclude each other", (int)a.n,
	    a.p, (int)b.n, b.p);
}

static void
put_name(struct buf *b, struct str name, const char *operand)
{
	if (str_is(name, OPERAND)) {
		buf_adds(b, operand);
		return;
	}
	buf_adds(b, "--");
	buf_addstr(b, name);
}

/* Append the names with ", " between, before the last one the word. */
static void
put_names(
    struct buf *b, const char *names, const char *word, const char *operand)
{
	struct str name;
	bool first = true;

	while (take_name(&names, &name)) {
		if (!first)
			buf_adds(b, *names != '\0' ? ", " : word);
		put_name(b, name, operand);
		first = false;
	}
}

static int
refuse_lonely(struct str name, const char *others, struct fail *f)
{
	struct buf b = {0};

	put_names(&b, others, " or ", "a file");
	fail_system(f, "--%.*s needs %s", (int)name.n, name.p, buf_cstr(&b));
	buf_free(&b);
	return -1;
}

/* With one of the names, nothing is given but these and the others. */
static int
check_alone(const struct option_rules *r, struct str name, const char *others,
    struct fail *f)
{
	for (size_t i = 0; i < r->count; i++) {
		struct str other = str_of(r->specs[i].name);

		if (r->given[i] != NULL && !str_eq(other, name) &&
		    !option_rules_has(others, other.p))
			return refuse_pair(r, name, other, f);
	}
	if (r->operand != NULL && !option_rules_has(others, OPERAND))
		return refuse_pair(r, name, STR(OPERAND), f);
	return 0;
}

/* A rule about a name that is given. */
static int
check_name(const struct option_rules *r, const struct option_rule *rule,
    struct str name, struct fail *f)
{
	const char *others = rule->others;
	struct str found;

	switch (rule->kind) {
	case OPTION_RULE_END:
		break;
	case OPTION_RULE_APART:
		if (others == NULL)
			others = rule->names;
		if (find_given(r, others, name, &found))
			return refuse_pair(r, name, found, f);
		break;
	case OPTION_RULE_NEEDS:
		if (!find_given(r, others, name, &found))
			return refuse_lonely(name, others, f);
		break;
	case OPTION_RULE_ALONE_WITHOUT_FILE:
		if (r->operand != NULL)
			break;
		return check_alone(r, name, others, f);
	case OPTION_RULE_ALONE:
		return check_alone(r, name, others, f);
	}
	return 0;
}

int
option_rules_check(const struct option_rules *r, struct fail *f)
{
	const struct option_rule *rule = r->rules;

	for (; rule != NULL && rule->kind != OPTION_RULE_END; rule++) {
		const char *names = rule->names;
		struct str name;

		while (take_name(&names, &name)) {
			if (is_given(r, name) &&
			    check_name(r, rule, name, f) < 0)
				return -1;
		}
	}
	return 0;
}

/* Append the names but this one to a list. */
static void
put_others(struct buf *b, const char *names, const char *except, bool *begun)
{
	struct str name;

	while (take_name(&names, &name)) {
		if (str_is(name, except))
			continue;
		buf_adds(b, *begun ? ", " : "; not with ");
		put_name(b, name, "operands");
		*begun = true;
	}
}

/* One list of all that the option excludes, whichever side names it. */
static void
put_apart(struct buf *b, const struct option_rule *rule, const char *name)
{
	bool begun = false;

	for (; rule != NULL && rule->kind != OPTION_RULE_END; rule++) {
		const char *others =
		    rule->others != NULL ? rule->others : rule->names;

		if (rule->kind != OPTION_RULE_APART)
			continue;
		if (option_rules_has(rule->names, name))
			put_others(b, others, name, &begun);
		else if (option_rules_has(rule->others, name))
			put_others(b, rule->names, name, &begun);
	}
}

static void
put_alone(struct buf *b, const struct option_rule *rule)
{
	buf_adds(b, "; with nothing else");
	if (rule->others != NULL) {
		buf_adds(b, " but ");
		put_names(b, rule->others, " and ", "files");
	}
	if (rule->kind == OPTION_RULE_ALONE_WITHOUT_FILE)
		buf_adds(b, " unless there is a file");
}

void
option_rules_put(
    struct buf *b, const struct option_rule *rules, const char *name)
{
	const struct option_rule *rule = rules;

	put_apart(b, rules, name);
	for (; rule != NULL && rule->kind != OPTION_RULE_END; rule++) {
		if (rule->kind == OPTION_RULE_APART ||
		    !option_rules_has(rule->names, name))
			continue;
		if (rule->kind != OPTION_RULE_NEEDS) {
			put_alone(b, rule);
			continue;
		}
		buf_adds(b, "; needs ");
		put_names(b, rule->others, " or ", "a file");
	}
}
