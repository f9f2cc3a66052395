/*
 * The ledger (bm-ledger.7): what is settled about each recipient of each
 * mailing. A message: ledger_claim() - ledger_intend(), ledger_sync() - the
 * gate opens - ledger_settle(), ledger_sync() - the outcome may be shown.
 */
#ifndef PORT_LEDGER_LEDGER_H
#define PORT_LEDGER_LEDGER_H

#include "port/db/db.h"
#include "port/ledger/ledger_item.h"
#include "port/ledger/ledger_state.h"
#include "port/ledger/recovery_notes.h"

struct ledger;

/* What records survive: a power cut, or a crash of the process only. */
enum ledger_durability { LEDGER_POWER, LEDGER_PROCESS };

/* Folds the journals of the dead first, as claims may; ledger_recover() does
 * only this. The notes (or NULL) are told of damage. */
int ledger_open(struct ledger **, struct db *, enum ledger_durability,
    const struct recovery_notes *, struct fail *);
int ledger_recover(struct db *, const struct recovery_notes *, struct fail *);

/* Folds what is left and releases unsettled claims; frees even on failure. */
int ledger_close(struct ledger *, struct fail *);

/* Claims at most 256 recipients in one transaction; each item gets a verdict
 * (the second of one key: AGAIN). The pointers' order may change. SYSTEM, and
 * no claim, for a mailing of another course or content. now: ms since 1970. */
int ledger_claim(struct ledger *, struct ledger_item **items, size_t n,
    const struct claim_policy *, int64_t now, struct fail *);

/* Buffer a journal record. The item must not move until it is settled. An
 * intent for whose outcome the disk has no room makes the next sync fail. */
void ledger_intend(struct ledger *, const struct ledger_item *, int64_t now);
void ledger_settle(struct ledger *, const struct ledger_item *,
    const struct outcome *, int64_t now);
void ledger_release(struct ledger *, const struct ledger_item *); /* unsent */

/* Withdraws an intent, for another try by this process: written at once, so
 * that a kill leaves the item deferred with this outcome. SYSTEM. */
int ledger_withdraw(struct ledger *, const struct ledger_item *,
    const struct outcome *, int64_t now, struct fail *);

/* Makes records durable: one write, one fdatasync; rescue: or else as rows. */
int ledger_sync(struct ledger *, struct fail *);
int ledger_rescue(struct ledger *, struct fail *);
bool ledger_unsynced(const struct ledger *);
bool ledger_waits_for_disk(const struct ledger *); /* in ledger_sync() */

/* Sync and fold settled records into the rows: when it is time; now. */
int ledger_fold(struct ledger *, int64_t now, struct fail *);
int ledger_flush(struct ledger *, struct fail *);

/* The mailing's state: 1; 0 and LEDGER_OPEN for an unknown mailing. */
int ledger_mailing_state(
    struct ledger *, struct str email_id, enum ledger_state *, struct fail *);

#endif
