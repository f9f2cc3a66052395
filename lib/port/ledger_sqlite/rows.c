#include "port/ledger_sqlite/rows.h"

#include "mail/ledger/ledger_state.h"
#include "port/db/db.h"
#include "port/ledger_sqlite/journal_live.h"

static const char SQL_MAILING[] =
    "SELECT course_id, subject, content, state, created, uncertain FROM emails"
    " WHERE id=?1";
static const char SQL_MAILINGS[] = "SELECT id FROM emails";
static const char SQL_ROWS[] =
    "SELECT state, class, owner, prior, key, email, user_id, stage, code,"
    " enhanced, reply, queue_id, relay, attempt, next_try, at, ms,"
    " reopened, user_number FROM deliveries WHERE email_id=?1";
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
	row->user_number = !db_is_null(st, 18);
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

static const char *const part_sql[] = {
    [LEDGER_ROW_ALL] = SQL_ROWS,
    [LEDGER_ROW_KEYS] = SQL_KEYS,
    [LEDGER_ROW_COUNTS] = SQL_BRIEF,
};

/*
 * The journals are read before the rows: a row that is folded in between names
 * no owner any more, and its record is not used.
 */
int
rows_each(struct db *db, struct str id, enum ledger_row_part part,
    ledger_row_fn *fn, void *ctx, struct fail *f)
{
	bool brief = part != LEDGER_ROW_ALL;
	struct report_row row = {.email_id = id};
	struct db_statement *st;
	struct journal_live *live;
	int more;

	if (journal_live_new(&live, db_run_dir(db), f) < 0)
		return -1;
	more = db_prepare(db, &st, part_sql[part], f);
	if (more == 0)
		db_bind(st, 1, id);
	while (more >= 0 && (more = db_step(db, st, f)) == 1) {
		struct str owner = db_text(st, 2);
		const struct journal_record *record = NULL;

		fill_report_row(st, brief, &row);
		if (owner.p != NULL)
			record = journal_live_find(live, owner, id, row.key);
		if (!apply_record(&row, record, db_text(st, 3)))
			continue;
		more = fn(ctx, &row, f);
		if (more != 0) {
			db_reset(st);
			break;
		}
	}
	journal_live_free(live);
	return more;
}

static struct str
read_text(struct db_statement *st, int column, struct arena *a)
{
	struct str s = db_text(st, column);

	if (s.p == NULL)
		return s;
	return arena_str(a, s);
}

int
rows_mailing(struct db *db, struct str id, struct ledger_row_mailing *m,
    struct arena *a, struct fail *f)
{
	struct db_statement *st;
	int found;

	if (db_prepare(db, &st, SQL_MAILING, f) < 0)
		return -1;
	db_bind(st, 1, id);
	found = db_step(db, st, f);
	if (found != 1)
		return found;
	m->course_id = read_text(st, 0, a);
	m->subject = read_text(st, 1, a);
	m->content = read_text(st, 2, a);
	m->state_name = read_text(st, 3, a);
	m->state = ledger_state_parse(m->state_name);
	m->created = db_int(st, 4);
	m->uncertain = db_int(st, 5) != 0;
	db_reset(st);
	return 1;
}

int
rows_each_mailing(
    struct db *db, ledger_row_id_fn *fn, void *ctx, struct fail *f)
{
	struct db_statement *st;
	int more;

	if (db_prepare(db, &st, SQL_MAILINGS, f) < 0)
		return -1;
	while ((more = db_step(db, st, f)) == 1) {
		more = fn(ctx, db_text(st, 0), f);
		if (more != 0) {
			db_reset(st);
			break;
		}
	}
	return more;
}
