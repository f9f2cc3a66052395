/*
 * Waiting for a lock that another process holds: after a while a person is told
 * which one.
 */
#ifndef PORT_DB_WAITING_H
#define PORT_DB_WAITING_H

#include <stdbool.h>

#define WAITING_TELL_MS 5000

typedef void waiting_fn(void *ctx, const char *text);

/*
 * From now on every wait of this process that has lasted for after_ms is told,
 * once, to this function; NULL: none is. The context stays the caller's.
 */
void waiting_report(waiting_fn *, void *ctx, int after_ms);

/* After how many ms a wait is to be told; -1: never. */
int waiting_after(void);

/* Tell that a lock of this file is waited for. */
void waiting_tell(const char *path, const char *holder);

#endif
