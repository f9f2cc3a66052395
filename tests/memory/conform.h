/*
 * Cases that every store has to pass: each is run on a fresh place of SQLite
 * and of memory, and then on memory with a fault, which has to be found.
 */
#ifndef CONFORM_H
#define CONFORM_H

#include <stdbool.h>
#include <stddef.h>

#include "memory/memory_store.h"

/* The stores of two processes. */
struct conform {
	struct store *a, *b;
	struct memory_place *place; /* of memory, or NULL: */
	const char *path;           /* of SQLite */
};

/* A third process opens the store and a ledger, works, and is killed. */
typedef void conform_work_fn(struct ledger *);
void conform_kill(struct conform *, conform_work_fn *);

/* The sender is taken for dead while it goes on. False: no store like this can
 * be wrong about that. */
bool conform_expire(struct conform *, struct ledger *);

struct conform_case {
	const char *name;
	void (*run)(struct conform *);
};

/* The faults that these cases have to find, ended by MEMORY_FAULT_NONE. */
int conform_run(
    const struct conform_case *, size_t count, const enum memory_fault *faults);

/* In a case: prints a line of TAP, or counts for a fault. Returns good. */
__attribute__((format(printf, 2, 3))) bool conform_check(
    bool good, const char *fmt, ...);

#define CONFORM_RUN(cases, faults) \
	conform_run(cases, sizeof(cases) / sizeof(*(cases)), faults)

#endif
