#include "port/roster/audience.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/mem.h"
#include "mail/mime/addr.h"
#include "port/bounce/bounce_register.h"
#include "port/roster/selection_flags.h"
#include "port/roster/spill.h"

#define MARKED (1 << 30) /* beside the flags of selection_flags.h */

struct audience {
	struct db *db;
	struct audience_params params;
	struct spill *output;
	struct arena *arena;
	struct db_statement *state; /* of key ?2 in mailing ?1 */
	long long counts[AUDIENCE_VERDICTS];
};

int
audience_open(struct audience **out, struct db *db,
    const struct audience_params *params, struct fail *f)
{
	struct audience *a = mem_new(sizeof(*a));

	a->db = db;
	a->params = *params;
	a->output = spill_open();
	a->arena = arena_new();
	*out = a;
	return db_prepare(db, &a->state,
	    "SELECT state FROM deliveries WHERE email_id = ?1 AND key = ?2", f);
}

void
audience_close(struct audience *a)
{
	if (a == NULL)
		return;
	spill_close(a->output);
	arena_free(a->arena);
	free(a);
}

/* Whether a list with commas has the state. */
static bool
is_listed(const char *list, struct str state)
{
	while (*list != '\0') {
		size_t n = strcspn(list, ",");

		if (str_eq((struct str){list, n}, state))
			return true;
		list += n + (list[n] == ',');
	}
	return false;
}

/* A message that came back is in the state "sent" all the same. */
static int
check_bounces(struct audience *a, struct str key, bool *wanted, struct fail *f)
{
	bool bounced = is_listed(a->params.states, STR("bounced"));
	bool complained = is_listed(a->params.states, STR("complained"));
	enum bounce_register_came came;

	*wanted = false;
	if (!bounced && !complained)
		return 0;
	if (bounce_register_came(
		a->params.bounces, a->params.ledger, key, &came, f) < 0)
		return -1;
	*wanted = (bounced && came == BOUNCE_REGISTER_BOUNCED) ||
		  (complained && came == BOUNCE_REGISTER_COMPLAINED);
	return 0;
}

static int
check_ledger(struct audience *a, struct str key, bool *wanted, struct fail *f)
{
	int r = check_bounces(a, key, wanted, f);

	if (r < 0 || *wanted)
		return r;
	db_bind(a->state, 1, a->params.ledger);
	db_bind(a->state, 2, key);
	r = db_step(a->db, a->state, f);
	if (r < 0)
		return -1;
	*wanted = is_listed(
	    a->params.states, r == 1 ? db_text(a->state, 0) : STR("none"));
	db_reset(a->state);
	return 0;
}

/* Only shared keys need to be remembered. */
static int
check_first(
    struct audience *a, struct str key, int flags, bool *first, struct fail *f)
{
	*first = true;
	return flags & SELECTION_SHARED_KEY
		   ? selection_flags_take_key(a->db, key, first, f)
		   : 0;
}

/* The last three checks, in this order, of a valid address. */
static int
judge_key(struct audience *a, struct str key, int flags,
    enum audience_verdict *v, struct fail *f)
{
	bool first, wanted = true;

	if (check_first(a, key, flags, &first, f) < 0)
		return -1;
	if (first && a->params.ledger.p != NULL &&
	    check_ledger(a, key, &wanted, f) < 0)
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

/* A candidate without a stored key may be in the roster all the same. */
static int
find_flags(struct audience *a, const struct audience_candidate *c,
    struct str key, int *flags, struct fail *f)
{
	*flags = c->flags;
	if (c->key.p != NULL)
		return 0;
	if (selection_flags_find(a->db, c->user_id, key, flags, f) < 0)
		return -1;
	*flags |= SELECTION_SHARED_KEY;
	return 0;
}

static int
check_address(const struct audience *a, const struct audience_candidate *c,
    struct addr *addr, struct fail *why)
{
	if (addr_parse(addr, c->email, a->params.addr_policy, a->arena, why) <
	    0)
		return -1;
	if (c->key.p != NULL && !str_eq(addr->key, c->key))
		return fail_data(why,
		    "the stored key does not belong to the address (run "
		    "bm-import again)");
	return 0;
}

/* With --include-suppressed the record is marked for bm-send. */
static bool
is_suppressed(const struct audience *a, struct str key, int *flags)
{
	if (map_get(a->params.suppressed, key) == NULL)
		return false;
	*flags |= MARKED;
	return !a->params.include_suppressed;
}

static int
judge_candidate(struct audience *a, const struct audience_candidate *c,
    enum audience_verdict *v, int *flags, struct fail *f)
{
	struct addr addr = {0};
	struct fail why;
	bool good = check_address(a, c, &addr, &why) == 0;

	if (find_flags(a, c, addr.key, flags, f) < 0)
		return -1;
	if (*flags & SELECTION_EXCLUDED) {
		*v = AUDIENCE_EXCLUDED;
	} else if (*flags & SELECTION_OPTED_OUT &&
		   !a->params.include_opted_out) {
		*v = AUDIENCE_OPTED_OUT;
	} else if (good && is_suppressed(a, addr.key, flags)) {
		*v = AUDIENCE_SUPPRESSED;
	} else if (!good) {
		*v = AUDIENCE_INVALID;
		*f = why;
	} else {
		return judge_key(a, addr.key, *flags, v, f);
	}
	return 0;
}

static int
add_record(struct audience *a, const struct audience_candidate *c, int flags,
    struct fail *f)
{
	if (spill_add(a->output, c->line, f) < 0)
		return -1;
	if (flags & SELECTION_OPTED_OUT &&
	    spill_add(a->output, STR(",\"opted_out\":true"), f) < 0)
		return -1;
	if (flags & MARKED &&
	    spill_add(a->output, STR(",\"include_suppressed\":true"), f) < 0)
		return -1;
	return spill_add(a->output, STR("}\n"), f);
}

int
audience_offer(struct audience *a, const struct audience_candidate *c,
    enum audience_verdict *v, struct fail *f)
{
	int flags = c->flags;

	*v = c->verdict;
	if (*v == AUDIENCE_EMITTED) {
		arena_reset(a->arena);
		if (judge_candidate(a, c, v, &flags, f) < 0)
			return -1;
	}
	a->counts[*v]++;
	return *v == AUDIENCE_EMITTED ? add_record(a, c, flags, f) : 0;
}

long long
audience_count(const struct audience *a, enum audience_verdict v)
{
	return a->counts[v];
}

int
audience_next(struct audience *a, struct str *piece, struct fail *f)
{
	return spill_next(a->output, piece, f);
}
