#include "memory/memory_rows.h"

#include "base/mem.h"
#include "mail/ledger/lease_judge.h"

struct memory_row *
memory_rows_find(struct store *s, struct str email_id, struct str key)
{
	struct memory_data *d = memory_data_of(s);

	for (size_t i = 0; i < d->row_count; i++) {
		struct memory_row *row = &d->rows[i];

		if (str_eq(row->shown.email_id, email_id) &&
		    str_eq(row->shown.key, key))
			return row;
	}
	return NULL;
}

struct memory_mailing *
memory_rows_mailing(struct store *s, struct str id)
{
	struct memory_data *d = memory_data_of(s);

	for (size_t i = 0; i < d->mailing_count; i++) {
		if (str_eq(d->mailings[i].id, id))
			return &d->mailings[i];
	}
	return NULL;
}

struct memory_row *
memory_rows_add(struct store *s, struct str email_id, struct str key)
{
	struct memory_data *d = memory_data_of(s);
	struct memory_row *row;

	d->rows =
	    mem_more(d->rows, d->row_count, &d->row_cap, sizeof(*d->rows));
	row = &d->rows[d->row_count++];
	*row = (struct memory_row){
	    .shown = {.email_id = memory_data_keep(s, email_id),
		.key = memory_data_keep(s, key),
		.count = 1}};
	return row;
}

struct memory_mailing *
memory_rows_add_mailing(struct store *s, struct str id)
{
	struct memory_data *d = memory_data_of(s);
	struct memory_mailing *m;

	d->mailings = mem_more(d->mailings, d->mailing_count, &d->mailing_cap,
	    sizeof(*d->mailings));
	m = &d->mailings[d->mailing_count++];
	*m = (struct memory_mailing){.id = memory_data_keep(s, id)};
	return m;
}

static void
remove_row(struct store *s, struct memory_row *row)
{
	struct memory_data *d = memory_data_of(s);

	*row = d->rows[--d->row_count];
}

void
memory_rows_return(struct store *s, struct memory_row *row)
{
	row->claimed = row->intent = false;
	row->owner = 0;
	if (!row->prior)
		remove_row(s, row);
}

void
memory_rows_settle(struct store *s, struct memory_row *row,
    const struct outcome *o, long long attempt, int64_t at)
{
	struct report_row *r = &row->shown;

	r->state = (enum report_state)report_state_parse(
	    str_of(outcome_status_name(o->status)));
	r->class = memory_data_keep(s, str_of(o->class));
	r->stage = memory_data_keep(s, str_of(o->stage));
	r->code = o->code;
	r->enhanced = memory_data_keep(s, o->enhanced);
	r->reply = memory_data_keep(s, o->reply);
	r->queue_id = memory_data_keep(s, o->queue_id);
	r->relay = memory_data_keep(s, o->relay);
	r->attempt = attempt;
	r->next_try = o->next_try;
	r->at = at;
	r->ms = o->ms;
	r->reopened = false;
	if (row->first == 0)
		row->first = at;
	row->print = o->print;
	row->prior = true;
	row->intent = false;
}

void
memory_rows_doubt(struct memory_row *row)
{
	struct report_row *r = &row->shown;

	r->state = REPORT_IN_DOUBT;
	r->class = STR("no_reply");
	r->stage = r->enhanced = r->reply = r->queue_id = (struct str){0};
	r->code = 0;
	r->next_try = 0;
	row->claimed = row->intent = false;
	row->owner = 0;
}

static void
end_row(struct store *s, struct memory_row *row)
{
	bool forget = memory_data_fault(s) == MEMORY_FAULT_FORGETS;

	if (row->intent && !forget) {
		row->shown.attempt = row->tried;
		row->shown.at = row->tried_at;
		memory_rows_doubt(row);
	} else if (lease_judge(row->claimed, row->prior, LEASE_JUDGE_WHOLE) !=
		   LEASE_JUDGE_KEEP) {
		memory_rows_return(s, row);
	}
}

int
memory_rows_recover(struct store *s, struct fail *f)
{
	const struct memory_lives *lives = memory_data_lives(s);
	struct memory_data *d;

	if (store_begin(s, false, f) < 0)
		return -1;
	d = memory_data_of(s);
	for (size_t i = d->row_count; i-- > 0;) {
		struct memory_row *row = &d->rows[i];

		if (row->owner != 0 && !lives->alive[row->owner])
			end_row(s, row);
	}
	return store_commit(s, f);
}
