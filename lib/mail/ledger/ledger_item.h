/*
 * A recipient of a mailing as the ledger is asked about it, and the answer.
 */
#ifndef MAIL_LEDGER_LEDGER_ITEM_H
#define MAIL_LEDGER_LEDGER_ITEM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "mail/ledger/claim_policy.h"
#include "mail/ledger/ledger_look.h"
#include "mail/record/outcome.h"

enum claim_verdict {
	CLAIM_YOURS,     /* claimed: send it */
	CLAIM_FINAL,     /* settled before; was, class and attempt tell how */
	CLAIM_BUSY,      /* another live process has claimed it */
	CLAIM_AGAIN,     /* this process has claimed it already: ask once that
			    claim is settled */
	CLAIM_IN_DOUBT,  /* kept until an operator decides */
	CLAIM_NOT_YET,   /* deferred, and next_try is in the future */
	CLAIM_HELD,      /* the mailing is on hold */
	CLAIM_PRUNED,    /* the mailing is; no row is written */
	CLAIM_CANCELLED, /* claimed, to be settled as skipped */
};

struct ledger_item {
	/* Set by the caller, and borrowed. */
	struct str email_id, key;
	struct str course_id, content, subject, email, user_id;
	bool user_number;    /* the user id is a number */
	struct str state_of; /* the mailing whose state a look reads */

	/* Set by the claim. */
	enum claim_verdict verdict;
	bool was_in_doubt; /* YOURS: it may have been delivered before */
	enum outcome_status was;
	char was_class[24];
	int64_t was_at;    /* ms since 1970 */
	bool reopened;     /* YOURS: by policy.retry_class */
	long long attempt; /* number of the attempt that is now due, from 1 */
	int64_t next_try;
	int64_t first; /* when the first attempt ended, ms since 1970; or 0 */
	struct ledger_look look; /* YOURS; each look reads it again */
};

#endif
