/*
 * An administrator's SELECT on any SQLite file. It cannot write, attach or load
 * anything. It is stopped when its time is up, but not within one SQL function.
 */
#ifndef PORT_DB_QUERY_H
#define PORT_DB_QUERY_H

#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"

/* Called with a row as a JSON object: NULL is null, numbers are numbers. */
typedef int query_fn(
    void *ctx, struct str object, unsigned long number, struct fail *);

/*
 * Visits the rows of the query; a failure of fn ends the visit. SYSTEM for no
 * SELECT, more than one statement, no column "email", two columns of one name,
 * or a failure while it runs; TEMP when the database is locked.
 */
int query_each(const char *path, const char *sql, int64_t timeout_ms,
    query_fn *, void *ctx, struct fail *);

#endif
