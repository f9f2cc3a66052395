/*
 * The rows of the ledger in memory.
 */
#ifndef MEMORY_ROWS_H
#define MEMORY_ROWS_H

#include "mail/record/outcome.h"
#include "memory/memory_data.h"

/* The row or mailing that the process sees; NULL: there is none. */
struct memory_row *memory_rows_find(
    struct store *, struct str email_id, struct str key);
struct memory_mailing *memory_rows_mailing(struct store *, struct str id);

/* A new one, all zero but its names. */
struct memory_row *memory_rows_add(
    struct store *, struct str email_id, struct str key);
struct memory_mailing *memory_rows_add_mailing(struct store *, struct str id);

/* The row is what it was before the claim, or is not. */
void memory_rows_return(struct store *, struct memory_row *);

/* What an outcome makes of the row; its owner stays. */
void memory_rows_settle(struct store *, struct memory_row *,
    const struct outcome *, long long attempt, int64_t at);
void memory_rows_doubt(struct memory_row *);

/* Ends dead owners, in a transaction of its own. */
int memory_rows_recover(struct store *, struct fail *);

#endif
