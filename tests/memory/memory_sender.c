#include "memory/memory_sender.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "mail/ledger/claim_judge.h"
#include "memory/memory_rows.h"
#include "port/ledger/ledger_ops.h"
#include "port/optout/hidden_key.h"
#include "port/optout/optouts.h"

/* A fact that waits for a sync. */
struct fact {
	struct ledger_item *item;
	struct str email_id, key; /* of it; they last */
	enum { INTEND, SETTLE, RELEASE } kind;
	struct outcome outcome;
	long long attempt;
	int64_t at;
};

#define REFUSALS 64

struct sender {
	struct ledger ledger; /* the first member */
	struct store *store;
	int owner;
	struct fact *facts;
	size_t count, cap;
	struct {
		const struct ledger_item *item;
		enum ledger_grant grant;
	} refused[REFUSALS];
	size_t refused_count;
};

static struct sender *
sender_of(struct ledger *l)
{
	return (struct sender *)l;
}

static bool
has_fault(const struct sender *s, enum memory_fault fault)
{
	return memory_data_fault(s->store) == fault;
}

/* --- looks --- */

static int
look_up(struct sender *s, struct ledger_item *it, bool claims, struct fail *f)
{
	struct memory_mailing *m = memory_rows_mailing(s->store, it->state_of);

	if (claims || !has_fault(s, MEMORY_FAULT_LATE_STATE))
		it->look.state = m == NULL ? LEDGER_OPEN : m->state;
	it->look.bounces = memory_data_of(s->store)->bounce_changes;
	if (!claims && has_fault(s, MEMORY_FAULT_LATE_OPTOUT))
		return 0;
	if (optouts_check(s->store->optouts, it->course_id, it->user_id,
		it->key, &it->look.out, f) < 0)
		return -1;
	if (has_fault(s, MEMORY_FAULT_NO_OPTOUT))
		it->look.out = false;
	return 0;
}

static int
look_again(struct ledger *l, struct ledger_item *it, struct fail *f)
{
	return look_up(sender_of(l), it, false, f);
}

/* --- claims --- */

static int
find_mailing(struct sender *s, const struct ledger_item *it,
    const struct claim_policy *policy, int64_t now,
    struct claim_judge_mailing *of, struct fail *f)
{
	struct memory_mailing *m = memory_rows_mailing(s->store, it->email_id);
	bool is_new = m == NULL;
	int same = 0;

	if (is_new) {
		m = memory_rows_add_mailing(s->store, it->email_id);
		m->created = now;
	}
	*of = (struct claim_judge_mailing){
	    m->state, m->uncertain, m->course_id, m->content};
	if (!is_new && (same = claim_judge_text(of, it, policy, f)) < 0)
		return -1;
	if (same == 0) {
		m->course_id = memory_data_keep(s->store, it->course_id);
		m->content = memory_data_keep(s->store, it->content);
		m->subject = memory_data_keep(s->store, it->subject);
	}
	if (has_fault(s, MEMORY_FAULT_UNCLAIMED))
		of->state = LEDGER_OPEN;
	return 0;
}

static struct claim_judge_row
read_row(const struct sender *s, const struct memory_row *row)
{
	const struct report_row *r = &row->shown;
	bool claimed = row->claimed && !has_fault(s, MEMORY_FAULT_OWNERLESS);

	if (row->claimed && !claimed && !row->prior)
		return (struct claim_judge_row){.kind = CLAIM_JUDGE_ROW,
		    .state = STR("deferred"),
		    .class = STR("connection")};
	return (struct claim_judge_row){.kind = CLAIM_JUDGE_ROW,
	    .state =
		claimed ? STR("claimed") : str_of(report_state_name(r->state)),
	    .own = row->owner == s->owner,
	    .class = r->class,
	    .attempt = r->attempt,
	    .next_try = r->next_try,
	    .first = row->first,
	    .at = r->at};
}

static struct memory_row *
find_hidden(struct sender *s, const struct ledger_item *it)
{
	struct buf key = {0};
	struct memory_row *row;

	hidden_key_put(&key, it->key);
	row = memory_rows_find(s->store, it->email_id, buf_str(&key));
	buf_free(&key);
	return row;
}

static void
take_row(struct sender *s, struct memory_row *row, const struct ledger_item *it)
{
	row->claimed = true;
	row->intent = row->withdrawn = false;
	row->owner = s->owner;
	row->shown.email = memory_data_keep(s->store, it->email);
	row->shown.user_id = memory_data_keep(s->store, it->user_id);
	if (it->first == 0)
		row->first = 0;
}

static void
enter_doubt(struct sender *s, const struct ledger_item *it, int64_t now)
{
	struct memory_row *row =
	    memory_rows_add(s->store, it->email_id, it->key);

	row->shown.email = memory_data_keep(s->store, it->email);
	row->shown.attempt = 1;
	row->shown.at = now;
	memory_rows_doubt(row);
	row->prior = true;
}

static int
claim_one(struct sender *s, struct ledger_item *it,
    const struct claim_policy *policy, int64_t now, struct fail *f)
{
	struct claim_judge_mailing of;
	struct claim_judge_row read = {.kind = CLAIM_JUDGE_ABSENT};
	struct memory_row *row, *hidden;

	if (find_mailing(s, it, policy, now, &of, f) < 0)
		return -1;
	if (claim_judge_closed(&of, it))
		return 0;
	row = memory_rows_find(s->store, it->email_id, it->key);
	hidden = row == NULL ? find_hidden(s, it) : NULL;
	if (row != NULL || hidden != NULL)
		read = read_row(s, row != NULL ? row : hidden);
	if (hidden != NULL)
		read.kind = CLAIM_JUDGE_HIDDEN;
	switch (claim_judge(&of, &read, it, policy, now)) {
	case CLAIM_JUDGE_NOTHING:
		return 0;
	case CLAIM_JUDGE_DOUBT:
		enter_doubt(s, it, now);
		return 0;
	case CLAIM_JUDGE_ADD:
		row = memory_rows_add(s->store, it->email_id, it->key);
		break;
	case CLAIM_JUDGE_TAKE:
		if (row->prior || !row->claimed)
			row->prior = true;
		break;
	}
	take_row(s, row, it);
	return look_up(s, it, true, f);
}

static int
claim_chunk(struct ledger *l, struct ledger_item **items, size_t n,
    const struct claim_policy *policy, int64_t now, struct fail *f)
{
	struct sender *s = sender_of(l);
	int rc = memory_rows_recover(s->store, f);

	if (rc < 0 || store_begin(s->store, false, f) < 0)
		return -1;
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = claim_one(s, items[i], policy, now, f);
	return store_finish(s->store, rc, f);
}

/* --- facts --- */

static struct fact *
add_fact(struct sender *s, const struct ledger_item *it, int64_t now)
{
	struct fact *fact;

	s->facts = mem_more(s->facts, s->count, &s->cap, sizeof(*s->facts));
	fact = &s->facts[s->count++];
	*fact = (struct fact){.item = (struct ledger_item *)it,
	    .email_id = memory_data_keep(s->store, it->email_id),
	    .key = memory_data_keep(s->store, it->key),
	    .attempt = it->attempt,
	    .at = now};
	return fact;
}

static void
intend_item(struct ledger *l, const struct ledger_item *it, int64_t now)
{
	add_fact(sender_of(l), it, now)->kind = INTEND;
}

static void
settle_item(struct ledger *l, const struct ledger_item *it,
    const struct outcome *o, int64_t now)
{
	struct sender *s = sender_of(l);
	struct fact *fact = add_fact(s, it, now);

	fact->kind = SETTLE;
	fact->outcome = *o;
	fact->outcome.reply = memory_data_keep(s->store, o->reply);
	fact->outcome.enhanced = memory_data_keep(s->store, o->enhanced);
	fact->outcome.queue_id = memory_data_keep(s->store, o->queue_id);
	fact->outcome.relay = memory_data_keep(s->store, o->relay);
}

static void
release_item(struct ledger *l, const struct ledger_item *it)
{
	add_fact(sender_of(l), it, 0)->kind = RELEASE;
}

static void
refuse_item(
    struct sender *s, const struct ledger_item *it, enum ledger_grant grant)
{
	if (has_fault(s, MEMORY_FAULT_LOST_REFUSAL) ||
	    s->refused_count == REFUSALS)
		return;
	s->refused[s->refused_count].item = it;
	s->refused[s->refused_count++].grant = grant;
}

/* The fence: the row is the sender's, the mailing open, the person not out. */
static int
apply_intent(struct sender *s, struct memory_row *row, const struct fact *fact,
    struct fail *f)
{
	bool fenced = !has_fault(s, MEMORY_FAULT_UNFENCED);

	if (fenced &&
	    (row == NULL || row->owner != s->owner || !row->claimed)) {
		refuse_item(s, fact->item, LEDGER_GRANT_BUSY);
		return 0;
	}
	if (look_up(s, fact->item, false, f) < 0)
		return -1;
	if (ledger_look_judge(fact->item->look, 0, 0) != LEDGER_LOOK_GO) {
		refuse_item(s, fact->item, LEDGER_GRANT_REFUSED);
		return 0;
	}
	if (row == NULL || has_fault(s, MEMORY_FAULT_LATE_INTENT))
		return 0;
	row->intent = true;
	row->withdrawn = false;
	row->tried = fact->attempt;
	row->tried_at = fact->at;
	return 0;
}

static int
apply_fact(struct sender *s, const struct fact *fact, struct fail *f)
{
	struct memory_row *row =
	    memory_rows_find(s->store, fact->email_id, fact->key);

	if (fact->kind == INTEND)
		return apply_intent(s, row, fact, f);
	if (row == NULL || row->owner != s->owner)
		return 0;
	if (fact->kind == RELEASE) {
		memory_rows_return(s->store, row);
		return 0;
	}
	memory_rows_settle(
	    s->store, row, &fact->outcome, fact->attempt, fact->at);
	/* With its fault the row stays the owner's, for the intent to come. */
	if (!has_fault(s, MEMORY_FAULT_SETTLE_FIRST)) {
		row->claimed = false;
		row->owner = 0;
	}
	return 0;
}

static void
swap_facts(struct sender *s)
{
	for (size_t i = 0; i + 1 < s->count; i++) {
		struct fact first = s->facts[i];

		if (first.kind != INTEND || s->facts[i + 1].kind != SETTLE)
			continue;
		s->facts[i] = s->facts[i + 1];
		s->facts[i + 1] = first;
	}
}

static int
sync_facts(struct ledger *l, struct fail *f)
{
	struct sender *s = sender_of(l);
	int rc = 0;

	if (s->count == 0)
		return 0;
	if (store_begin(s->store, false, f) < 0)
		return -1;
	if (has_fault(s, MEMORY_FAULT_SETTLE_FIRST))
		swap_facts(s);
	for (size_t i = 0; rc == 0 && i < s->count; i++)
		rc = apply_fact(s, &s->facts[i], f);
	s->count = 0;
	return store_finish(s->store, rc, f);
}

static int
fold_facts(struct ledger *l, int64_t now, struct fail *f)
{
	(void)now;
	return sync_facts(l, f);
}

static bool
has_unsynced(const struct ledger *l)
{
	return ((const struct sender *)l)->count > 0;
}

static enum ledger_grant
tell_grant(struct ledger *l, struct ledger_item *it)
{
	struct sender *s = sender_of(l);

	for (size_t i = 0; i < s->refused_count; i++) {
		enum ledger_grant grant = s->refused[i].grant;

		if (s->refused[i].item != it)
			continue;
		s->refused[i] = s->refused[--s->refused_count];
		return grant;
	}
	for (size_t i = 0; i < s->count; i++) {
		if (s->facts[i].item == it)
			return LEDGER_GRANT_PENDING;
	}
	return LEDGER_GRANTED;
}

/* The deferral is what a recovery gives the row back to. */
static int
withdraw_item(struct ledger *l, const struct ledger_item *it,
    const struct outcome *o, int64_t now, struct fail *f)
{
	struct sender *s = sender_of(l);
	struct memory_row *row;

	if (sync_facts(l, f) < 0 || store_begin(s->store, false, f) < 0)
		return -1;
	row = memory_rows_find(s->store, it->email_id, it->key);
	if (row != NULL && row->owner == s->owner) {
		memory_rows_settle(s->store, row, o, it->attempt, now);
		row->withdrawn = true;
	}
	return store_commit(s->store, f);
}

/* --- ends --- */

static void
free_sender(struct sender *s)
{
	memory_data_lives(s->store)->alive[s->owner] = false;
	free(s->facts);
	free(s);
}

static int
close_sender(struct ledger *l, struct fail *f)
{
	struct sender *s = sender_of(l);
	struct store *store = s->store;
	int rc = sync_facts(l, f);

	free_sender(s);
	return rc < 0 ? -1 : memory_rows_recover(store, f);
}

static const struct ledger_ops operations = {
    .close = close_sender,
    .claim = claim_chunk,
    .look = look_again,
    .intend = intend_item,
    .settle = settle_item,
    .release = release_item,
    .withdraw = withdraw_item,
    .sync = sync_facts,
    .rescue = sync_facts,
    .unsynced = has_unsynced,
    .grant = tell_grant,
    .fold = fold_facts,
    .flush = sync_facts,
};

int
memory_sender_open(struct ledger **out, struct store *store, struct fail *f)
{
	struct memory_lives *lives = memory_data_lives(store);
	struct sender *s;

	if (lives->count == MEMORY_OWNERS)
		return fail_system(f, "more than %d senders", MEMORY_OWNERS);
	if (memory_rows_recover(store, f) < 0)
		return -1;
	s = mem_new(sizeof(*s));
	s->ledger.ops = &operations;
	s->store = store;
	s->owner = ++lives->count;
	lives->alive[s->owner] = true;
	*out = &s->ledger;
	return 0;
}

void
memory_sender_expire(struct ledger *l)
{
	struct sender *s = sender_of(l);

	memory_data_lives(s->store)->alive[s->owner] = false;
}

void
memory_sender_kill(struct ledger *l)
{
	free_sender(sender_of(l));
}
