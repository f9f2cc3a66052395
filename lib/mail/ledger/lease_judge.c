#include "mail/ledger/lease_judge.h"

enum lease_judge_end
lease_judge(bool claimed, bool prior, enum lease_judge_facts facts)
{
	if (facts == LEASE_JUDGE_LOST ||
	    (claimed && facts == LEASE_JUDGE_DAMAGED))
		return LEASE_JUDGE_DOUBT;
	if (!claimed)
		return LEASE_JUDGE_KEEP;
	return prior ? LEASE_JUDGE_RESTORE : LEASE_JUDGE_REMOVE;
}

/* An intent behind the fact may be lost, and no state behind it is final. */
enum lease_judge_fact
lease_judge_fact(const struct journal_record *record, bool lost_behind)
{
	switch (record->kind) {
	case JOURNAL_INTENT:
		return LEASE_JUDGE_INTENT;
	case JOURNAL_RELEASE:
		return lost_behind ? LEASE_JUDGE_INTENT : LEASE_JUDGE_NO_FACT;
	case JOURNAL_OUTCOME:
		break;
	}
	if (lost_behind && record->outcome.status == OUTCOME_DEFERRED)
		return LEASE_JUDGE_INTENT;
	return LEASE_JUDGE_OUTCOME;
}
