/*
 * What the ledger and the register say of a claimed message right before it
 * leaves, and what follows.
 */
#ifndef MAIL_LEDGER_LEDGER_LOOK_H
#define MAIL_LEDGER_LEDGER_LOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "mail/ledger/ledger_state.h"

struct ledger_look {
	enum ledger_state state; /* of the mailing */
	bool out;                /* the person has opted out */
	bool suppressed;         /* left out for bounces; a store sets it not */
	int64_t mark;            /* the store's: of what is read */
	/* Another number after each change of the register of bounces; 0: it
	 * has been empty all the time. */
	int64_t bounces;
};

enum ledger_look_verdict {
	LEDGER_LOOK_GO,
	LEDGER_LOOK_HELD,      /* release it; a later run sends it */
	LEDGER_LOOK_PRUNED,    /* release it; it is not sent */
	LEDGER_LOOK_CANCELLED, /* these four: settle it as skipped */
	LEDGER_LOOK_OPTOUT,
	LEDGER_LOOK_SUPPRESSED,
	LEDGER_LOOK_EXPIRED,
};

/* expires: of the message, ms since 1970, or 0. */
enum ledger_look_verdict ledger_look_judge(
    struct ledger_look, int64_t expires, int64_t now);

/*
 * An intent after a sync: it stands, or it does not and the message must not
 * leave. PENDING: no sync has been made since.
 */
enum ledger_grant {
	LEDGER_GRANT_PENDING,
	LEDGER_GRANTED,
	LEDGER_GRANT_BUSY, /* another process has the row, or has settled it */
	LEDGER_GRANT_REFUSED, /* by the mailing's state or an opt-out: see look
			       */
};

#endif
