#include "recipients/recipients_check.h"

#include <limits.h>
#include <string.h>

#include "base/arena.h"
#include "mail/record/outcome.h"

static int
check_sources(const struct recipients_args *a, struct fail *f)
{
	if (a->db_path == NULL)
		return fail_system(f, "no database: use --db or set BM_DB");
	if (a->to.count == 0 && a->query == NULL && a->read == NULL)
		return fail_system(f, "nobody is named: use --to");
	return 0;
}

/* A repeated target counts once. */
static int
parse_targets(struct arena *arena, const struct option_list *list,
    struct target **out, size_t *count, struct fail *f)
{
	struct target *t = arena_alloc(arena, list->count * sizeof(*t));
	size_t i, j, n = 0;

	for (i = 0; i < list->count; i++) {
		if (target_parse(&t[n], str_of(list->items[i]), f) < 0)
			return -1;
		for (j = 0; j < n && !str_eq(t[j].text, t[n].text); j++)
			continue;
		n += j == n;
	}
	*out = t;
	*count = n;
	return 0;
}

static bool
is_other_state(struct str s)
{
	return str_is(s, "none") || str_is(s, "claimed") ||
	       str_is(s, "bounced") || str_is(s, "complained");
}

static int
check_states(const char *list, struct fail *f)
{
	while (*list != '\0') {
		struct str s = {list, strcspn(list, ",")};

		if (!is_other_state(s) && outcome_status_parse(s) < 0)
			return fail_system(f,
			    "--ledger: no state \"%.*s\"; there are sent, "
			    "failed, deferred, skipped, in_doubt, claimed, "
			    "bounced, complained and none",
			    (int)s.n, s.p);
		list += s.n + (list[s.n] == ',');
	}
	return 0;
}

static int
parse_ledger(struct recipients *r, struct fail *f)
{
	const char *text = r->args->ledger, *equals;

	if (text == NULL)
		return 0;
	equals = strchr(text, '=');
	if (equals == NULL || equals[1] == '\0')
		return fail_system(
		    f, "--ledger wants ID=STATE[,STATE...], like week3=failed");
	r->ledger_id = (struct str){text, (size_t)(equals - text)};
	r->states = equals + 1;
	return check_states(r->states, f);
}

static int
parse_expected(struct recipients *r, struct fail *f)
{
	r->expected = (struct range){0, LLONG_MAX};
	if (r->args->expect == NULL)
		return 0;
	if (range_parse(&r->expected, str_of(r->args->expect), f) < 0)
		return fail_prefix(f, "--expect");
	return 0;
}

static bool
has_myself(const struct option_list *targets)
{
	for (size_t i = 0; i < targets->count; i++) {
		if (strcmp(targets->items[i], "myself") == 0)
			return true;
	}
	return false;
}

/* The target "myself" is the person of --as. */
static int
check_myself(const struct recipients_args *a, struct fail *f)
{
	if (a->as == NULL || has_myself(&a->to) || has_myself(&a->except))
		return 0;
	return fail_system(f, "--as needs --to myself or --except myself");
}

int
recipients_check(struct recipients *r, struct fail *f)
{
	const struct recipients_args *a = r->args;

	if (check_sources(a, f) < 0 || check_myself(a, f) < 0 ||
	    parse_expected(r, f) < 0 || parse_ledger(r, f) < 0)
		return -1;
	if (parse_targets(r->arena, &a->to, &r->targets, &r->target_count, f) <
	    0)
		return -1;
	return parse_targets(
	    r->arena, &a->except, &r->except, &r->except_count, f);
}
