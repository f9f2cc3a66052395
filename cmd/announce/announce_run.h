/*
 * The programs that bm-announce starts, one at a time.
 */
#ifndef CMD_ANNOUNCE_ANNOUNCE_RUN_H
#define CMD_ANNOUNCE_ANNOUNCE_RUN_H

#include "announce/announce.h"
#include "base/process.h"

/* A command line: the options of these names, then the words up to a NULL. */
struct process_words announce_words_of(struct announce *, const char *program,
    const char *names, const char *const *words);
#define announce_words(a, program, names, ...) \
	announce_words_of(a, program, names, (const char *const[]){__VA_ARGS__})
/* A program's status; files, or their names in the folder, NULL for none; err
 * is added to. */
int announce_run(struct announce *, const struct process_words *,
    const struct process_files *);
int announce_run_in(struct announce *, const struct process_words *,
    const char *in, const char *out, const char *err);
/* The same; its output is appended, and what it says on stderr is dropped. */
int announce_capture(
    struct announce *, const struct process_words *, struct buf *out);

/* Append the command that ends a hold, as a shell reads it. */
void announce_end_release(struct announce *, struct buf *);

#endif
