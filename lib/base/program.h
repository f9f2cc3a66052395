/*
 * A program's command line and its messages on stderr ("PROGRAM: text").
 */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include "base/fail.h"
#include "base/options.h"

/*
 * The first call of every main: parses the options and prints --help and the
 * like, or the usage error. -1: go on; otherwise the exit status, and the
 * options are freed. SIGPIPE and SIGXFSZ are ignored from here on: writing to a
 * closed pipe, or beyond the limit of a file's size, is a write error.
 */
int program_options(struct options *, int argc, char **argv);

/* Report a failure that concerns no single record; returns its exit status. */
int program_die(const char *program, const struct fail *);

/*
 * The same for stdout that cannot be written, with errno: 2. A reader that went
 * away, as head(1) does, is no news.
 */
int program_die_stdout(const char *program);

/*
 * Print a message of at most 999 bytes; what it quotes is made harmless to a
 * terminal, as by harmless_text().
 */
void program_note(const char *program, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Print a text; of the second the first argument points to the name. */
void program_tell(const char *program, const char *text);
void program_note_by(void *program, const char *text);

/* Print a message about a place such as "FILE:LINE: " in the input. */
void program_note_at(const char *program, const char *place, const char *text);

#endif
