/*
 * The admin's own SELECT on any SQLite file. Nothing can be written by it,
 * attached or loaded, and it ends when its time is up, but not within a single
 * SQL function.
 */
#ifndef PORT_DB_QUERY_H
#define PORT_DB_QUERY_H

#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"

/* One row as a JSON object: NULL becomes null, numbers stay numbers. */
typedef int query_fn(
    void *ctx, struct str object, unsigned long number, struct fail *);

/*
 * SYSTEM: no SELECT, not allowed, more than one statement, no column "email",
 * two columns alike, a failure while it runs. TEMP: locked. A failure of fn
 * ends it.
 */
int query_each(const char *path, const char *sql, int64_t timeout_ms,
    query_fn *, void *ctx, struct fail *);

#endif
