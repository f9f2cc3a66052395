#include "port/ledger/ledger_read.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mail/report/tally.h"
#include "port/ledger/ledger_plan.h"
#include "port/ledger/ledger_visit.h"
#include "port/optout/optouts.h"

static int
scan_all(const struct ledger_read *s, struct str id, enum ledger_row_part part,
    ledger_row_fn *fn, void *ctx, struct fail *f)
{
	for (size_t i = 0; i < s->count; i++) {
		if (ledger_visit_rows(s->stores[i], id, part, fn, ctx, f) < 0)
			return -1;
	}
	return 0;
}

struct row_filter {
	unsigned states;
	ledger_row_fn *fn;
	void *ctx;
};

static int
select_row(void *ctx, const struct report_row *row, struct fail *f)
{
	struct row_filter *s = ctx;

	if ((s->states & 1u << row->state) == 0)
		return 0;
	return s->fn(s->ctx, row, f);
}

int
ledger_read_rows(const struct ledger_read *s, struct str id, unsigned states,
    ledger_row_fn *fn, void *ctx, struct fail *f)
{
	struct row_filter filter = {states, fn, ctx};

	return scan_all(s, id, LEDGER_ROW_ALL, select_row, &filter, f);
}

static int
cover_row(void *ctx, const struct report_row *row, struct fail *f)
{
	(void)f;
	coverage_add(ctx, row->key);
	return 0;
}

int
ledger_read_cover(const struct ledger_read *s, struct str id,
    struct coverage *coverage, struct fail *f)
{
	for (size_t i = 0; i < s->count; i++) {
		coverage_rewind(coverage);
		if (ledger_visit_rows(s->stores[i], id, LEDGER_ROW_KEYS,
			cover_row, coverage, f) < 0)
			return -1;
	}
	return 0;
}

/* 1 from the first ledger that has the mailing. */
static int
read_mailing(const struct ledger_read *s, struct report *r, struct arena *a,
    struct fail *f)
{
	struct ledger_row_mailing m = {0};
	int found = 0;

	for (size_t i = 0; i < s->count && found == 0; i++)
		found = ledger_visit_mailing(s->stores[i], r->id, &m, a, f);
	if (found != 1)
		return found;
	r->course_id = m.course_id;
	r->subject = m.subject;
	r->content = m.content;
	r->state = m.state_name;
	r->is_stopped = m.state != LEDGER_OPEN;
	r->is_pruned = m.state == LEDGER_PRUNED;
	r->created = m.created;
	r->uncertain = m.uncertain;
	return 1;
}

/* The size of the mailing, as one ledger knows it; several may disagree. */
static int
read_size(const struct ledger_read *s, struct report *r, struct arena *a,
    struct fail *f)
{
	struct ledger_decision_plan plan;
	int found;

	if (s->count != 1)
		return 0;
	found = ledger_plan_read(s->stores[0], r->id, &plan, a, f);
	if (found == 1) {
		r->planned = plan.planned;
		r->unplanned = plan.unplanned;
		r->approved_by = plan.approved_by;
		r->approved_at = plan.approved_at;
	}
	return found < 0 ? -1 : 0;
}

static int
count_optouts(const struct ledger_read *s, struct report *r, struct fail *f)
{
	for (size_t i = 0; i < s->count; i++) {
		long long count;

		if (optouts_count(s->stores[i]->optouts, r->course_id,
			r->created, &count, f) < 0)
			return -1;
		r->optouts += count;
	}
	return 0;
}

static int
add_row(void *ctx, const struct report_row *row, struct fail *f)
{
	(void)f;
	tally_add(ctx, row);
	return 0;
}

int
ledger_read_report(const struct ledger_read *s, struct str id, bool brief,
    struct report *r, struct arena *a, struct fail *f)
{
	struct tally *tally;
	int found;

	*r = (struct report){.id = id, .planned = -1, .unplanned = -1};
	found = read_mailing(s, r, a, f);
	if (found != 1)
		return found;
	if (read_size(s, r, a, f) < 0)
		return -1;
	tally = tally_new(brief);
	found = scan_all(s, id, brief ? LEDGER_ROW_COUNTS : LEDGER_ROW_ALL,
	    add_row, tally, f);
	if (found == 0)
		tally_finish(tally, r, a);
	tally_free(tally);
	if (found == 0 && !brief)
		found = count_optouts(s, r, f);
	return found < 0 ? -1 : 1;
}

struct report_ids {
	struct report *list;
	size_t count;
	struct arena *arena;
};

/* As a ledger_row_id_fn: an id that is new is appended. */
static int
add_id(void *ctx, struct str id, struct fail *f)
{
	struct report_ids *ids = ctx;
	size_t i = 0;

	(void)f;
	while (i < ids->count && !str_eq(ids->list[i].id, id))
		i++;
	if (i < ids->count)
		return 0;
	ids->list = mem_grow(ids->list, ids->count + 1, sizeof(*ids->list));
	ids->list[ids->count++].id = arena_str(ids->arena, id);
	return 0;
}

static int
compare_age(const void *pa, const void *pb)
{
	const struct report *a = pa, *b = pb;

	if (a->created != b->created)
		return a->created < b->created ? -1 : 1;
	return strcmp(a->id.p, b->id.p);
}

int
ledger_read_mailings(const struct ledger_read *s, struct report **out,
    size_t *count, struct arena *a, struct fail *f)
{
	struct report_ids ids = {.arena = a};
	int result = 0;

	for (size_t i = 0; i < s->count && result == 0; i++)
		result = ledger_visit_mailings(s->stores[i], add_id, &ids, f);
	for (size_t i = 0; i < ids.count && result >= 0; i++)
		result = ledger_read_report(
		    s, ids.list[i].id, true, &ids.list[i], a, f);
	*count = ids.count;
	if (result >= 0) {
		*out = arena_alloc(a, ids.count * sizeof(*ids.list));
		if (ids.count > 0) {
			qsort(ids.list, ids.count, sizeof(*ids.list),
			    compare_age);
			memcpy(*out, ids.list, ids.count * sizeof(*ids.list));
		}
	}
	free(ids.list);
	return result < 0 ? -1 : 0;
}
