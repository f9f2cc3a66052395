/*
 * Settles single recipients in doubt by a person's word. Nobody else is
 * touched, whatever the word is: a second run finds all settled.
 */
#ifndef PORT_SEND_SETTLE_H
#define PORT_SEND_SETTLE_H

#include <stdint.h>

#include "base/fail.h"
#include "mail/record/settlement.h"
#include "port/store/store.h"

struct settle;

/* The dead senders' journals should be folded before (ledger_recover()). */
struct settle *settle_new(struct store *);
void settle_free(struct settle *);

/*
 * Settle the recipient, in a transaction that may go on with the next. 1, with
 * the failure's text: a running sender has the recipient. DATA: the line is
 * wrong; TEMP, SYSTEM. now: ms since 1970.
 */
int settle_line(
    struct settle *, const struct settlement *, int64_t now, struct fail *);

/* Commit and sync what is settled, before a wait for more lines. */
int settle_flush(struct settle *, struct fail *);

/* Committed so far. */
struct settle_counts {
	long long sent, reopened, already;
};
struct settle_counts settle_counts(const struct settle *);

#endif
