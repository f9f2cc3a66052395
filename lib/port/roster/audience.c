#include "port/roster/audience.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "mail/mime/addr.h"
#include "port/roster/selection_flags.h"
#include "port/roster/spill.h"

struct audience {
	struct db *db;
	struct audience_params params;
	struct spill *scratch;
	struct arena *arena;
	struct db_statement *state; /* of ?2 in mailing ?1 */
	long long counts[AUDIENCE_VERDICTS];
};

static const char *const names[] = {
    [AUDIENCE_EMITTED] = "emitted",
    [AUDIENCE_INACTIVE] = "inactive",
    [AUDIENCE_LAST_LOGIN] = "last_login",
    [AUDIENCE_EXCLUDED] = "excluded",
    [AUDIENCE_OPTED_OUT] = "opted_out",
    [AUDIENCE_INVALID] = "invalid",
    [AUDIENCE_DUPLICATE] = "duplicate",
    [AUDIENCE_LEDGER] = "ledger",
    [AUDIENCE_OVER_LIMIT] = "over_limit",
};

const char *
audience_verdict_name(enum audience_verdict v)
{
	return names[v];
}

int
audience_new(struct audience **out, struct db *db,
    const struct audience_params *params, struct fail *f)
{
	struct audience *a = mem_new(sizeof(*a));

	a->db = db;
	a->params = *params;
	a->scratch = spill_new();
	a->arena = arena_new();
	*out = a;
	return db_prepare(db, &a->state,
	    "SELECT state FROM deliveries WHERE email_id = ?1 AND key = ?2", f);
}

void
audience_free(struct audience *a)
{
	if (a == NULL)
		return;
	spill_free(a->scratch);
	arena_free(a->arena);
	free(a);
}

/* Is state one of the words in a list with commas? */
static bool
listed(const char *list, struct str state)
{
	while (*list != '\0') {
		size_t n = strcspn(list, ",");

		if (str_eq((struct str){list, n}, state))
			return true;
		list += n + (list[n] == ',');
	}
	return false;
}

static int
ask_ledger(struct audience *a, struct str key, bool *wanted, struct fail *f)
{
	int r;

	db_bind(a->state, 1, a->params.ledger);
	db_bind(a->state, 2, key);
	r = db_step(a->db, a->state, f);
	if (r < 0)
		return -1;
	*wanted = listed(
	    a->params.states, r == 1 ? db_text(a->state, 0) : STR("none"));
	db_reset(a->state);
	return 0;
}

/* Only keys that several accounts have need to be remembered. */
static int
is_first(
    struct audience *a, struct str key, int marks, bool *first, struct fail *f)
{
	*first = true;
	return marks & SELECTION_SHARED_KEY
		   ? selection_flags_take(a->db, key, first, f)
		   : 0;
}

/* The last three, in this order, once the address is known to be good. */
static int
judge_key(struct audience *a, struct str key, int marks,
    enum audience_verdict *v, struct fail *f)
{
	bool first, wanted = true;

	if (is_first(a, key, marks, &first, f) != 0)
		return -1;
	if (first && a->params.ledger.p != NULL &&
	    ask_ledger(a, key, &wanted, f) != 0)
		return -1;
	if (!first)
		*v = AUDIENCE_DUPLICATE;
	else if (!wanted)
		*v = AUDIENCE_LEDGER;
	else if (a->params.limit > 0 &&
		 a->counts[AUDIENCE_EMITTED] >= a->params.limit)
		*v = AUDIENCE_OVER_LIMIT;
	return 0;
}

/* Marks of somebody who may not be in the roster; an absent key has none. */
static int
look_up(struct audience *a, const struct audience_candidate *c, struct str key,
    int *marks, struct fail *f)
{
	*marks = c->marks;
	if (c->key.p != NULL)
		return 0;
	if (selection_flags_of(a->db, c->user_id, key, marks, f) != 0)
		return -1;
	*marks |= SELECTION_SHARED_KEY;
	return 0;
}

static int
check_address(const struct audience *a, const struct audience_candidate *c,
    struct addr *addr, struct fail *why)
{
	if (addr_parse(addr, c->email, a->params.addr_policy, a->arena, why) !=
	    0)
		return -1;
	if (c->key.p != NULL && !str_eq(addr->key, c->key))
		return fail_data(why,
		    "the stored key does not belong to the address (run "
		    "bm-import again)");
	return 0;
}

static int
judge(struct audience *a, const struct audience_candidate *c,
    enum audience_verdict *v, int *marks, struct fail *f)
{
	struct addr addr = {0};
	struct fail why;
	bool good = check_address(a, c, &addr, &why) == 0;

	if (look_up(a, c, addr.key, marks, f) != 0)
		return -1;
	if (*marks & SELECTION_EXCLUDED) {
		*v = AUDIENCE_EXCLUDED;
	} else if (*marks & SELECTION_OPTED_OUT &&
		   !a->params.include_opted_out) {
		*v = AUDIENCE_OPTED_OUT;
	} else if (!good) {
		*v = AUDIENCE_INVALID;
		*f = why;
	} else {
		return judge_key(a, addr.key, *marks, v, f);
	}
	return 0;
}

static int
emit(struct audience *a, const struct audience_candidate *c, int marks,
    struct fail *f)
{
	bool out = (marks & SELECTION_OPTED_OUT) != 0;

	if (spill_add(a->scratch, c->line, f) != 0)
		return -1;
	return spill_add(
	    a->scratch, out ? STR(",\"opted_out\":true}\n") : STR("}\n"), f);
}

int
audience_offer(struct audience *a, const struct audience_candidate *c,
    enum audience_verdict *v, struct fail *f)
{
	int marks = c->marks;

	*v = c->verdict;
	if (*v == AUDIENCE_EMITTED) {
		arena_reset(a->arena);
		if (judge(a, c, v, &marks, f) != 0)
			return -1;
	}
	a->counts[*v]++;
	return *v == AUDIENCE_EMITTED ? emit(a, c, marks, f) : 0;
}

long long
audience_count(const struct audience *a, enum audience_verdict v)
{
	return a->counts[v];
}

int
audience_next(struct audience *a, struct str *piece, struct fail *f)
{
	return spill_next(a->scratch, piece, f);
}
