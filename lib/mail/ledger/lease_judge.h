/*
 * The judgement of a recovery: what becomes of the rows of an owner that has
 * died, and of the facts that it has left.
 */
#ifndef MAIL_LEDGER_LEASE_JUDGE_H
#define MAIL_LEDGER_LEASE_JUDGE_H

#include <stdbool.h>

#include "mail/record/journal_record.h"

/* What is left of an owner's facts, all of which are in its rows by now. */
enum lease_judge_facts {
	LEASE_JUDGE_WHOLE,
	LEASE_JUDGE_DAMAGED, /* some facts may be lost */
	LEASE_JUDGE_LOST,    /* all of them are, perhaps */
};

enum lease_judge_end {
	LEASE_JUDGE_KEEP,    /* the row's state stays */
	LEASE_JUDGE_DOUBT,   /* it becomes in_doubt, class no_reply */
	LEASE_JUDGE_RESTORE, /* the state that it had before the claim */
	LEASE_JUDGE_REMOVE,
};

/* Of a row that is still claimed, or has a fact; that had a state before. The
 * row names no owner any more then. */
enum lease_judge_end lease_judge(
    bool claimed, bool prior, enum lease_judge_facts);

/* What the last fact about a recipient makes of its row. */
enum lease_judge_fact {
	LEASE_JUDGE_NO_FACT, /* as if nothing were known */
	LEASE_JUDGE_INTENT,  /* the row is in doubt */
	LEASE_JUDGE_OUTCOME, /* the row is settled so */
};

/* lost_behind: a later fact may be lost. */
enum lease_judge_fact lease_judge_fact(
    const struct journal_record *, bool lost_behind);

#endif
