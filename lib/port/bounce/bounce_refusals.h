/*
 * The mailboxes that a relay says are not there, while a run sends. A relay
 * that refuses more recipients of a domain than it takes may be ill itself: its
 * word counts only when another run hears the same a day later (smtp_once).
 */
#ifndef PORT_BOUNCE_BOUNCE_REFUSALS_H
#define PORT_BOUNCE_BOUNCE_REFUSALS_H

#include "port/bounce/bounce_row.h"
#include "port/store/store.h"

struct bounce_refusals;

struct bounce_refusals *bounce_refusals_new(void);
void bounce_refusals_free(struct bounce_refusals *);

/* The answer about a recipient, who was accepted or refused. */
void bounce_refusals_count(
    struct bounce_refusals *, struct str key, bool accepted);

/* One who was refused has no mailbox; the row's proof is chosen here. Copies
 * what it keeps. */
void bounce_refusals_dead(struct bounce_refusals *, const struct bounce_row *);

/* Is there anybody? */
bool bounce_refusals_any(const struct bounce_refusals *);

/*
 * At the end of the run, when the ledger has its outcomes: enter those whose
 * rows are failed still, in transactions of its own. SYSTEM, TEMP.
 */
int bounce_refusals_enter(
    struct bounce_refusals *, struct store *, struct fail *);

#endif
