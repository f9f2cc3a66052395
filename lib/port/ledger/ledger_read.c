#include "port/ledger/ledger_read.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mail/report/tally.h"
#include "port/db/db.h"
#include "port/db/db_open.h"
#include "port/ledger/journal_live.h"
#include "port/ledger/ledger_state.h"

#define WAIT_MS 10000 /* for a lock that a reader may meet */

static const char SQL_MAILING[] =
    "SELECT course_id, subject, content, state, created, uncertain FROM emails"
    " WHERE id=?1";
static const char SQL_MAILINGS[] = "SELECT id FROM emails";
static const char SQL_ROWS[] =
    "SELECT state, class, owner, prior, key, email, user_id, stage, code,"
    " enhanced, reply, queue_id, relay, attempt, next_try, at, ms,"
    " reopened FROM deliveries WHERE email_id=?1";
/* Brief rows, in the order of the primary key. */
static const char SQL_KEYS[] =
    "SELECT state, class, owner, prior, key, 1 FROM deliveries"
    " WHERE email_id=?1 ORDER BY key";
/* One statement, so that no row is missed between its halves. */
static const char SQL_BRIEF[] =
    "SELECT state, nullif(class, ''), NULL, NULL, NULL, count FROM totals"
    " WHERE email_id=?1 AND count>0"
    " UNION ALL SELECT state, class, owner, prior, key, 1 FROM deliveries"
    " INDEXED BY deliveries_owner WHERE owner IS NOT NULL AND +email_id=?1";
static const char SQL_OPTOUTS[] =
    "SELECT count(DISTINCT coalesce(key, user_id)) FROM optouts"
    " WHERE course_id IN (?1, '*') AND action='out' AND at>=?2";

struct ledger_read {
	struct db *dbs[LEDGER_READ_LEDGERS];
	size_t count;
};

int
ledger_read_open(struct ledger_read **out, const char *const *paths,
    size_t count, struct fail *f)
{
	struct ledger_read *s = mem_new(sizeof(*s));

	if (count > LEDGER_READ_LEDGERS) {
		ledger_read_close(s);
		return fail_system(
		    f, "more than %d ledgers", LEDGER_READ_LEDGERS);
	}
	for (; s->count < count; s->count++) {
		if (db_open(&s->dbs[s->count], paths[s->count], DB_READ,
			waiting_quiet(WAIT_MS), f) < 0) {
			ledger_read_close(s);
			return -1;
		}
	}
	*out = s;
	return 0;
}

void
ledger_read_close(struct ledger_read *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->count; i++)
		db_close(s->dbs[i]);
	free(s);
}

static void
set_row_state(struct report_row *row, struct str state)
{
	int n = report_state_parse(state);

	row->state = n >= 0 ? (enum report_state)n : REPORT_CLAIMED;
}

static void
fill_report_row(struct db_statement *st, bool brief, struct report_row *row)
{
	set_row_state(row, db_text(st, 0));
	row->class = db_text(st, 1);
	row->key = db_text(st, 4);
	row->count = brief ? db_int(st, 5) : 1;
	if (brief)
		return;
	row->email = db_text(st, 5);
	row->user_id = db_text(st, 6);
	row->stage = db_text(st, 7);
	row->code = (int)db_int(st, 8);
	row->enhanced = db_text(st, 9);
	row->reply = db_text(st, 10);
	row->queue_id = db_text(st, 11);
	row->relay = db_text(st, 12);
	row->attempt = db_int(st, 13);
	row->next_try = db_int(st, 14);
	row->at = db_int(st, 15);
	row->ms = db_int(st, 16);
	row->reopened = !db_is_null(st, 17);
}

static struct str
omit_empty(struct str s)
{
	return s.n > 0 ? s : (struct str){0};
}

/* Fills the row as fold.c will. */
static void
fill_from_outcome(struct report_row *row, const struct journal_record *record)
{
	const struct outcome *o = &record->outcome;

	set_row_state(row, str_of(outcome_status_name(o->status)));
	row->class = omit_empty(str_of(o->class));
	row->stage = omit_empty(str_of(o->stage));
	row->code = o->code;
	row->enhanced = o->enhanced;
	row->reply = o->reply;
	row->queue_id = o->queue_id;
	row->relay = o->relay;
	row->attempt = record->attempt;
	row->next_try = o->next_try;
	row->at = record->at;
	row->ms = o->ms;
	row->reopened = false;
}

/* False when folding will remove the row. */
static bool
apply_record(struct report_row *row, const struct journal_record *record,
    struct str prior)
{
	if (record == NULL || record->kind == JOURNAL_INTENT)
		return true;
	if (record->kind == JOURNAL_OUTCOME) {
		fill_from_outcome(row, record);
		return true;
	}
	if (prior.p == NULL)
		return false;
	set_row_state(row, prior);
	return true;
}

/*
 * The journals are read before the rows: a row that is folded in between names
 * no owner any more, and its record is not used.
 */
static int
scan_rows(struct db *db, struct str id, const char *sql, ledger_read_fn *fn,
    void *ctx, struct fail *f)
{
	bool brief = sql != SQL_ROWS;
	struct report_row row = {.email_id = id};
	struct db_statement *st;
	struct journal_live *live;
	int more;

	if (journal_live_new(&live, db_run_dir(db), f) < 0)
		return -1;
	more = db_prepare(db, &st, sql, f);
	if (more == 0)
		db_bind(st, 1, id);
	while (more >= 0 && (more = db_step(db, st, f)) == 1) {
		struct str owner = db_text(st, 2);
		const struct journal_record *record = NULL;

		fill_report_row(st, brief, &row);
		if (owner.p != NULL)
			record = journal_live_find(live, owner, id, row.key);
		if (apply_record(&row, record, db_text(st, 3)) &&
		    fn(ctx, &row, f) < 0) {
			db_reset(st);
			more = -1;
		}
	}
	journal_live_free(live);
	return more;
}

static int
scan_all(struct ledger_read *s, struct str id, const char *sql,
    ledger_read_fn *fn, void *ctx, struct fail *f)
{
	for (size_t i = 0; i < s->count; i++) {
		if (scan_rows(s->dbs[i], id, sql, fn, ctx, f) < 0)
			return -1;
	}
	return 0;
}

struct row_filter {
	unsigned states;
	ledger_read_fn *fn;
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
ledger_read_rows(struct ledger_read *s, struct str id, unsigned states,
    ledger_read_fn *fn, void *ctx, struct fail *f)
{
	struct row_filter filter = {states, fn, ctx};

	return scan_all(s, id, SQL_ROWS, select_row, &filter, f);
}

static int
cover_row(void *ctx, const struct report_row *row, struct fail *f)
{
	(void)f;
	coverage_add(ctx, row->key);
	return 0;
}

int
ledger_read_cover(struct ledger_read *s, struct str id,
    struct coverage *coverage, struct fail *f)
{
	for (size_t i = 0; i < s->count; i++) {
		coverage_rewind(coverage);
		if (scan_rows(s->dbs[i], id, SQL_KEYS, cover_row, coverage, f) <
		    0)
			return -1;
	}
	return 0;
}

static struct str
read_text(struct db_statement *st, int column, struct arena *a)
{
	struct str s = db_text(st, column);

	if (s.p == NULL)
		return s;
	return arena_str(a, s);
}

/* 1 from the first ledger that has the mailing. */
static int
read_mailing(
    struct ledger_read *s, struct report *r, struct arena *a, struct fail *f)
{
	int found = 0;

	for (size_t i = 0; i < s->count && found == 0; i++) {
		struct db_statement *st;

		if (db_prepare(s->dbs[i], &st, SQL_MAILING, f) < 0)
			return -1;
		db_bind(st, 1, r->id);
		found = db_step(s->dbs[i], st, f);
		if (found != 1)
			continue;
		r->course_id = read_text(st, 0, a);
		r->subject = read_text(st, 1, a);
		r->content = read_text(st, 2, a);
		r->state = read_text(st, 3, a);
		r->is_stopped = ledger_state_parse(r->state) != LEDGER_OPEN;
		r->is_pruned = ledger_state_parse(r->state) == LEDGER_PRUNED;
		r->created = db_int(st, 4);
		r->uncertain = db_int(st, 5) != 0;
		db_reset(st);
	}
	return found;
}

static int
count_optouts(struct ledger_read *s, struct report *r, struct fail *f)
{
	for (size_t i = 0; i < s->count; i++) {
		struct db_statement *st;

		if (db_prepare(s->dbs[i], &st, SQL_OPTOUTS, f) < 0)
			return -1;
		db_bind(st, 1, r->course_id);
		db_bind_int(st, 2, r->created);
		if (db_step(s->dbs[i], st, f) < 0)
			return -1;
		r->optouts += db_int(st, 0);
		db_reset(st);
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
ledger_read_report(struct ledger_read *s, struct str id, bool brief,
    struct report *r, struct arena *a, struct fail *f)
{
	struct tally *tally;
	int found;

	*r = (struct report){.id = id, .planned = -1, .unplanned = -1};
	found = read_mailing(s, r, a, f);
	if (found != 1)
		return found;
	tally = tally_new(brief);
	found =
	    scan_all(s, id, brief ? SQL_BRIEF : SQL_ROWS, add_row, tally, f);
	if (found == 0)
		tally_finish(tally, r, a);
	tally_free(tally);
	if (found == 0 && !brief)
		found = count_optouts(s, r, f);
	return found < 0 ? -1 : 1;
}

/* Appends the ids of one ledger that are new. */
static int
add_ids(struct db *db, struct report **list, size_t *count, struct arena *a,
    struct fail *f)
{
	struct db_statement *st;
	int more;

	if (db_prepare(db, &st, SQL_MAILINGS, f) < 0)
		return -1;
	while ((more = db_step(db, st, f)) == 1) {
		struct str id = db_text(st, 0);
		size_t i = 0;

		while (i < *count && !str_eq((*list)[i].id, id))
			i++;
		if (i < *count)
			continue;
		*list = mem_grow(*list, *count + 1, sizeof(**list));
		(*list)[(*count)++].id = read_text(st, 0, a);
	}
	return more;
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
ledger_read_mailings(struct ledger_read *s, struct report **out, size_t *count,
    struct arena *a, struct fail *f)
{
	struct report *list = NULL;
	int result = 0;

	*count = 0;
	for (size_t i = 0; i < s->count && result == 0; i++)
		result = add_ids(s->dbs[i], &list, count, a, f);
	for (size_t i = 0; i < *count && result >= 0; i++)
		result =
		    ledger_read_report(s, list[i].id, true, &list[i], a, f);
	if (result >= 0) {
		*out = arena_alloc(a, *count * sizeof(*list));
		if (*count > 0) {
			qsort(list, *count, sizeof(*list), compare_age);
			memcpy(*out, list, *count * sizeof(*list));
		}
	}
	free(list);
	return result < 0 ? -1 : 0;
}
