/*
 * Other programs: started, waited for by their descriptors, and their status.
 */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"

/* A command line that grows in an arena: count words, then a NULL. */
struct process_words {
	struct arena *arena;
	const char **items;
	size_t count, room;
};

/* Append a borrowed word, or a formatted one. */
void process_add(struct process_words *, const char *word);
#define process_addf(w, ...) \
	process_add(w, arena_printf((w)->arena, __VA_ARGS__))

/* The program's name; append the words as a shell reads them. */
const char *process_name(const struct process_words *);
void process_put(struct buf *, const struct process_words *);

struct process {
	pid_t pid;
	int fd; /* readable as soon as the process has ended */
};

/* The descriptors that it gets; in: -1 is /dev/null; out, err: -1 are ours. */
struct process_files {
	int in, out, err;
	int kept; /* stays open under its number; -1: none does */
};
#define PROCESS_FILES ((struct process_files){-1, -1, -1, -1})

/* Start a program, looked for in PATH; it gets a TERM when we die, however we
 * die, and no signal is blocked in it. SYSTEM. */
int process_start(struct process *, const struct process_words *,
    const struct process_files *, struct fail *);

/*
 * Wait at most ms milliseconds (-1: for ever) for one of the processes to end:
 * its index, or -1. A signal (signals_open()) sends TERM to all and sets
 * *stopped.
 */
int process_wait(
    const struct process *, size_t count, int signals, int ms, bool *stopped);

void process_stop(const struct process *); /* send a TERM to it */

/* Wait for its end: its status as in a shell, 128 and the signal. */
int process_reap(struct process *);

#endif
