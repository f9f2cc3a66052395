/*
 * The judgement of a claim: what a recipient's row, its mailing and a policy
 * mean for a sender. A store reads the rows, and writes what it is told.
 */
#ifndef MAIL_LEDGER_CLAIM_JUDGE_H
#define MAIL_LEDGER_CLAIM_JUDGE_H

#include "base/fail.h"
#include "mail/ledger/claim_policy.h"
#include "mail/ledger/ledger_item.h"

/* A mailing as the ledger has it. Borrowed. */
struct claim_judge_mailing {
	enum ledger_state state;
	bool uncertain; /* rows are older than what has happened */
	struct str
	    course_id; /* empty: entered as uncertain, no more is known */
	struct str content;
};

/* The row of a recipient. Borrowed. */
struct claim_judge_row {
	enum claim_judge_kind {
		CLAIM_JUDGE_ABSENT,
		CLAIM_JUDGE_ROW,
		CLAIM_JUDGE_HIDDEN, /* of an erased person, perhaps this one */
	} kind;
	struct str state; /* outcome_status_name(), or of a claim */
	bool own;         /* a claim: of the sender that asks */
	struct str class;
	long long attempt;           /* the last one's number */
	int64_t next_try, first, at; /* ms since 1970; or 0 */
};

enum claim_judge_write {
	CLAIM_JUDGE_NOTHING,
	CLAIM_JUDGE_ADD,   /* a row that names the sender */
	CLAIM_JUDGE_TAKE,  /* the row: its state becomes the prior one; first is
			      kept if item->first is not 0 */
	CLAIM_JUDGE_DOUBT, /* add a row in doubt, after one attempt */
};

/*
 * Whether the item's text is the mailing's: 1; 0: the item's course, content
 * and subject become those of the mailing; -1: SYSTEM, for another course, or
 * another text without accept_content.
 */
int claim_judge_text(const struct claim_judge_mailing *,
    const struct ledger_item *, const struct claim_policy *, struct fail *);

/* True: the mailing's state is the verdict, whatever the row is. */
bool claim_judge_closed(
    const struct claim_judge_mailing *, struct ledger_item *);

/* Gives the item its verdict, and tells what is to be written with it. */
enum claim_judge_write claim_judge(const struct claim_judge_mailing *,
    const struct claim_judge_row *, struct ledger_item *,
    const struct claim_policy *, int64_t now);

#endif
