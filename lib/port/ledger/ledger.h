/*
 * The ledger (bm-ledger.7): what is settled about each recipient of each
 * mailing, and the promise that a message is never sent without a durable
 * note of the intent. Free of SQLite: another store may stand behind it.
 *
 * Life of a message: ledger_claim() - ledger_intend(), ledger_sync() - the
 * gate opens - ledger_settle(), ledger_sync() - the outcome may be shown.
 */
#ifndef PORT_LEDGER_LEDGER_H
#define PORT_LEDGER_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"
#include "mail/record/outcome.h"
#include "port/db/db.h"

struct ledger;

enum ledger_durability {
	LEDGER_POWER,   /* survives a power cut: fdatasync */
	LEDGER_PROCESS, /* survives the death of the process */
};

/* The database stays the caller's. Journals of dead owners are folded. */
int ledger_open(
    struct ledger **, struct db *, enum ledger_durability, struct fail *);

/* Fold the journals of dead owners, and no more. */
int ledger_recover(struct db *, struct fail *);

/* Folds what is left; unfinished claims are given back. */
int ledger_close(struct ledger *, struct fail *);

enum ledger_verdict {
	LEDGER_YOURS,     /* claimed: send it */
	LEDGER_FINAL,     /* settled before: was, class and attempt say how */
	LEDGER_BUSY,      /* another live process has it */
	LEDGER_AGAIN,     /* we have it already: ask once that is settled */
	LEDGER_IN_DOUBT,  /* held until a person decides */
	LEDGER_NOT_YET,   /* deferred, and next_try is still to come */
	LEDGER_HELD,      /* the mailing is on hold */
	LEDGER_CANCELLED, /* claimed, to be settled as skipped */
};

/* One recipient of one mailing. The first group is the caller's. */
struct ledger_item {
	struct str email_id, key;
	struct str course_id, content, subject, email, user_id;

	enum ledger_verdict verdict;
	bool was_in_doubt; /* YOURS: it may have been delivered before */
	enum outcome_status was;
	char was_class[24];
	long long attempt; /* number of the attempt that is now due, from 1 */
	int64_t next_try;
	int64_t first; /* when the first attempt ended; 0: there was none */
};

/* What to do with rows that would otherwise not be claimed. */
struct ledger_policy {
	bool resend_in_doubt;
	bool accept_content;
	bool wait_over;          /* claim deferred rows before their time */
	const char *retry_class; /* reopen failed rows of this class, or NULL */
};

/*
 * Claim n recipients in one transaction; each item gets its verdict. The
 * order of the pointers may change. At most 256 at a time.
 * A mailing with another course or content in the ledger is SYSTEM, and then
 * nothing is claimed. The same key twice among the items: the second is AGAIN.
 */
int ledger_claim(struct ledger *, struct ledger_item **items, size_t n,
    const struct ledger_policy *, int64_t now, struct fail *);

/*
 * Buffer a fact; ledger_sync() makes all buffered facts durable. The item
 * stays where it is from the claim to its settling or release.
 */
void ledger_intend(struct ledger *, const struct ledger_item *, int64_t now);
void ledger_settle(struct ledger *, const struct ledger_item *,
    const struct outcome *, int64_t now);

/* Give a claim back without a fact: it counts as not started. */
void ledger_release(struct ledger *, const struct ledger_item *);

bool ledger_unsynced(const struct ledger *); /* there are such facts */
bool ledger_waits(const struct ledger *);    /* for the disk, to do so */

/* One write, one fdatasync. SYSTEM. */
int ledger_sync(struct ledger *, struct fail *);

/* Sync, and bring what is settled into the rows: if it is time; at once. */
int ledger_fold(struct ledger *, int64_t now, struct fail *);
int ledger_flush(struct ledger *, struct fail *);

enum ledger_state { LEDGER_OPEN, LEDGER_ON_HOLD, LEDGER_STOPPED };

/* The state now, read right before sending. 1; 0: not known, and open. */
int ledger_state(
    struct ledger *, struct str email_id, enum ledger_state *, struct fail *);
int ledger_set_state(
    struct ledger *, struct str email_id, enum ledger_state, struct fail *);

/* Settle everything in doubt of a mailing as sent (an operator's decision). */
int ledger_assume_sent(struct ledger *, struct str email_id, int64_t now,
    long long *count, struct fail *);

/* Counts of a mailing by state and class. */
typedef int ledger_count_fn(void *ctx, struct str state, struct str class,
    long long count, struct fail *);
int ledger_counts(struct ledger *, struct str email_id, ledger_count_fn *,
    void *ctx, struct fail *);

#endif
