/*
 * What PATH-lock says about the database beside it: its generation, in two
 * slots of 64 bytes of which a write replaces the older, and behind them the
 * list of its mailings, a checked line each. The file is written in place,
 * since the lock is on its inode, and only under the lock.
 */
#ifndef PORT_DB_GENERATION_FILE_H
#define PORT_DB_GENERATION_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"

#define GENERATION_ID 32 /* hexadecimal digits */

struct generation_file {
	char id[GENERATION_ID + 1]; /* of the database */
	int64_t counter;            /* grows with each change of the ledger */
	int64_t at;                 /* of the last change, ms since 1970 */
};

struct generation_file_mailing {
	struct str id, course, content; /* content may be absent */
};

/* 1: the better slot; 0: no slot is whole. SYSTEM. */
int generation_file_read(int fd, struct generation_file *, struct fail *);

/* Replaces the slot of the counter before. SYSTEM. */
int generation_file_write(
    int fd, const struct generation_file *, struct fail *);

/* Visits the listed mailings; of two with one id the later one is valid. */
typedef int generation_file_fn(
    void *ctx, const struct generation_file_mailing *, struct fail *);
int generation_file_each(
    int fd, generation_file_fn *, void *ctx, struct fail *);

/* Appends a mailing unless it is listed. SYSTEM. */
int generation_file_list(
    int fd, const struct generation_file_mailing *, bool sync, struct fail *);

#endif
