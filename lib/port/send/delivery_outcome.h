/*
 * The way out: gives letters their outcomes and writes them.
 */
#ifndef PORT_SEND_DELIVERY_OUTCOME_H
#define PORT_SEND_DELIVERY_OUTCOME_H

#include "port/send/delivery_state.h"

/* An outcome that does not come from a transport. */
struct outcome delivery_outcome_make(enum outcome_status, const char *class);

/* The outcome of what was not begun when the run ends. */
struct outcome delivery_outcome_ending(const struct delivery_state *);

/* Fill in the letter's outcome, with copies of what it quotes. */
void delivery_outcome_fill(
    struct delivery_state *, struct letter *, const struct outcome *);

/* The letter's outcome is known; it is written after the next sync. */
void delivery_outcome_set(
    struct delivery_state *, struct letter *, const struct outcome *);

/* As delivery_outcome_set(), and the ledger records it. */
void delivery_outcome_settle(
    struct delivery_state *, struct letter *, const struct outcome *);

/* Write all known outcomes. Their letters go back to the pool, or wait. */
void delivery_outcome_write(struct delivery_state *);

#endif
