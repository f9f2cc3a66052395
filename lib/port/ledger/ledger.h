/*
 * The ledger (bm-ledger.7) of a sender, in any store. A message: ledger_claim()
 * - ledger_look() - MAIL - ledger_intend(), ledger_sync(), ledger_grant() - the
 * gate opens - ledger_settle(), ledger_sync() - the outcome may be shown.
 */
#ifndef PORT_LEDGER_LEDGER_H
#define PORT_LEDGER_LEDGER_H

#include "base/fail.h"
#include "mail/ledger/ledger_item.h"
#include "port/ledger/ledger_durability.h"
#include "port/ledger/recovery_notes.h"
#include "port/store/store.h"

struct ledger; /* of one sender */
/* Recovers first what dead senders have left; ledger_recover() does only this.
 * The notes (or NULL) are told of damage. */
int ledger_open(struct ledger **, struct store *, enum ledger_durability,
    const struct recovery_notes *, struct fail *);
int ledger_recover(
    struct store *, const struct recovery_notes *, struct fail *);
/* Releases unsettled claims; frees even on failure. */
int ledger_close(struct ledger *, struct fail *);

/* Claims at most 256 recipients at once: each item gets its verdict (the second
 * of one key: AGAIN), the pointers perhaps another order. SYSTEM, and no claim,
 * for a mailing of another course or content. now: ms since 1970. */
int ledger_claim(struct ledger *, struct ledger_item **items, size_t n,
    const struct claim_policy *, int64_t now, struct fail *);

/* Reads item->look again, right before its MAIL; many at once cost less in a
 * read transaction of the store. */
int ledger_look(struct ledger *, struct ledger_item *, struct fail *);

/* Buffer a fact. The item must not move until it is settled. An intent for
 * whose outcome the store has no room makes the next sync fail. */
void ledger_intend(struct ledger *, const struct ledger_item *, int64_t now);
void ledger_settle(struct ledger *, const struct ledger_item *,
    const struct outcome *, int64_t now);
void ledger_release(struct ledger *, const struct ledger_item *); /* unsent */

/* Takes an intent back, to try again: a kill leaves this deferral. SYSTEM. */
int ledger_withdraw(struct ledger *, const struct ledger_item *,
    const struct outcome *, int64_t now, struct fail *);

/* Makes facts durable; rescue: in another way, if that has failed. */
int ledger_sync(struct ledger *, struct fail *);
int ledger_rescue(struct ledger *, struct fail *);
bool ledger_unsynced(const struct ledger *);
bool ledger_waits_for_disk(const struct ledger *); /* in ledger_sync() */

/* Whether the item's intent stands; only a GRANTED item's dot may leave. */
enum ledger_grant ledger_grant(struct ledger *, struct ledger_item *);

/* Make settled facts known to others: when it is time; now. */
int ledger_fold(struct ledger *, int64_t now, struct fail *);
int ledger_flush(struct ledger *, struct fail *);

#endif
