#include "mail/ledger/claim_judge.h"

#include <stdio.h>
#include <string.h>

#include "mail/record/outcome_class.h"

#define CLOCK_SLACK_MS 60000

int
claim_judge_text(const struct claim_judge_mailing *m,
    const struct ledger_item *it, const struct claim_policy *policy,
    struct fail *f)
{
	if (m->course_id.n == 0)
		return 0;
	if (!str_eq(m->course_id, it->course_id))
		return fail_system(f,
		    "mailing %.*s belongs to course %.*s, not to %.*s",
		    (int)it->email_id.n, it->email_id.p, (int)m->course_id.n,
		    m->course_id.p, (int)it->course_id.n, it->course_id.p);
	if (str_eq(m->content, it->content))
		return 1;
	if (policy->accept_content)
		return 0;
	return fail_system(f,
	    "mailing %.*s was begun with another text; --accept-content sends "
	    "this one to those who have not got it yet, another --id makes a "
	    "mailing of its own",
	    (int)it->email_id.n, it->email_id.p);
}

bool
claim_judge_closed(const struct claim_judge_mailing *m, struct ledger_item *it)
{
	if (m->state == LEDGER_HELD)
		it->verdict = CLAIM_HELD;
	else if (m->state == LEDGER_PRUNED)
		it->verdict = CLAIM_PRUNED;
	else
		return false;
	return true;
}

/* Of some classes no retry can help; else the lifetime begins anew. */
static bool
may_reopen(struct ledger_item *it, const struct claim_policy *policy)
{
	it->reopened = outcome_class_reopens(policy->retry_class,
	    policy->retry_since, str_of(it->was_class), it->was_at);
	if (it->reopened)
		it->first = 0;
	return it->reopened;
}

static enum claim_verdict
judge_deferred(
    struct ledger_item *it, const struct claim_policy *policy, int64_t now)
{
	if (may_reopen(it, policy))
		return CLAIM_YOURS;
	if (it->next_try == 0 && strcmp(it->was_class, "breaker") == 0)
		return CLAIM_NOT_YET; /* a person has to look */
	return policy->wait_over || it->next_try <= now ? CLAIM_YOURS
							: CLAIM_NOT_YET;
}

/* A row written by a clock far ahead of ours may be tried now. */
static int64_t
choose_next_try(const struct claim_judge_row *row, int64_t now)
{
	if (row->next_try != 0 && row->at > now + CLOCK_SLACK_MS)
		return now;
	return row->next_try;
}

static void
read_row(struct ledger_item *it, const struct claim_judge_row *row, int64_t now)
{
	snprintf(it->was_class, sizeof(it->was_class), "%.*s",
	    (int)row->class.n, row->class.n > 0 ? row->class.p : "");
	it->attempt = row->attempt + 1;
	it->next_try = choose_next_try(row, now);
	it->first = row->first;
	it->was_at = row->at;
	it->reopened = false;
}

static enum claim_verdict
judge_row(struct ledger_item *it, const struct claim_judge_row *row,
    bool uncertain, const struct claim_policy *policy, int64_t now)
{
	int status = outcome_status_parse(row->state);

	read_row(it, row, now);
	if (status < 0)
		return row->own ? CLAIM_AGAIN : CLAIM_BUSY;
	it->was = (enum outcome_status)status;
	/* A try is made again, whatever became of the one before. */
	if (row->at < policy->again_before) {
		it->first = 0;
		return CLAIM_YOURS;
	}
	it->was_in_doubt = it->was == OUTCOME_IN_DOUBT;
	switch (it->was) {
	case OUTCOME_DEFERRED:
		return judge_deferred(it, policy, now);
	case OUTCOME_IN_DOUBT:
		return policy->resend_in_doubt ? CLAIM_YOURS : CLAIM_IN_DOUBT;
	case OUTCOME_FAILED:
	case OUTCOME_SKIPPED:
		/* Of an uncertain mailing a later retry may be lost. */
		if (uncertain && !policy->resend_in_doubt)
			return CLAIM_FINAL;
		return may_reopen(it, policy) ? CLAIM_YOURS : CLAIM_FINAL;
	case OUTCOME_SENT:
		break;
	}
	return CLAIM_FINAL;
}

/* A person without a row in an uncertain mailing may have got it. */
static enum claim_verdict
judge_absent(
    struct ledger_item *it, bool uncertain, const struct claim_policy *policy)
{
	if (!uncertain)
		return CLAIM_YOURS;
	if (policy->resend_in_doubt) {
		it->was_in_doubt = true;
		return CLAIM_YOURS;
	}
	it->attempt++; /* the one that may have been is not due again */
	return CLAIM_IN_DOUBT;
}

/*
 * Of a cancelled mailing all rows are claimed that could still be sent. A
 * hidden row was settled before the person was erased, and stays so.
 */
enum claim_judge_write
claim_judge(const struct claim_judge_mailing *m,
    const struct claim_judge_row *row, struct ledger_item *it,
    const struct claim_policy *policy, int64_t now)
{
	const struct claim_policy all = {.wait_over = true};
	bool cancelled = m->state == LEDGER_CANCELLED;
	bool uncertain = m->uncertain && policy->again_before == 0;

	it->attempt = 1;
	it->first = 0;
	it->was_in_doubt = false;
	if (row->kind == CLAIM_JUDGE_ABSENT)
		it->verdict = judge_absent(it, uncertain, policy);
	else
		it->verdict = judge_row(
		    it, row, uncertain, cancelled ? &all : policy, now);
	if (row->kind == CLAIM_JUDGE_HIDDEN)
		it->verdict = CLAIM_FINAL;
	if (it->verdict == CLAIM_IN_DOUBT && row->kind == CLAIM_JUDGE_ABSENT)
		return CLAIM_JUDGE_DOUBT;
	if (it->verdict != CLAIM_YOURS)
		return CLAIM_JUDGE_NOTHING;
	if (cancelled)
		it->verdict = CLAIM_CANCELLED;
	return row->kind == CLAIM_JUDGE_ABSENT ? CLAIM_JUDGE_ADD
					       : CLAIM_JUDGE_TAKE;
}
