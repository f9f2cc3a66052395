/*
 * Waiting for a lock that another process holds: how long, and whom to tell
 * after a while which process that is.
 */
#ifndef BASE_WAITING_H
#define BASE_WAITING_H

#include <stdbool.h>
#include <stdint.h>

struct progress;

#define WAITING_TELL_MS 5000

/* program_tell() or the like. */
typedef void waiting_fn(const char *program, const char *text);

struct waiting {
	int limit_ms;
	waiting_fn *tell; /* NULL: nobody is told */
	const char *program;
	int after_ms;              /* when a wait is told, once */
	struct progress *progress; /* shown during long statements; or NULL */
};

/* A wait that is told to nobody; one that is told after WAITING_TELL_MS. */
struct waiting waiting_quiet(int limit_ms);
struct waiting waiting_told(int limit_ms, waiting_fn *, const char *program);

/* True if a wait is told before it ends at its limit. */
bool waiting_is_told(const struct waiting *);

/* Tell that a lock of this file is waited for. */
void waiting_tell(const struct waiting *, const char *path, const char *holder);

#endif
