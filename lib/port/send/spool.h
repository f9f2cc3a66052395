/*
 * A folder of batch files: DIR/000001.ndjson, 000002.ndjson ... Each is
 * written aside, synced and renamed, so a name that exists is a whole batch.
 * One process at a time works in a folder.
 */
#ifndef PORT_SEND_SPOOL_H
#define PORT_SEND_SPOOL_H

#include <stdbool.h>

#include "base/fail.h"
#include "base/str.h"

struct spool;

struct spool_batch {
	const char *path; /* with the folder, as it was given */
	const char *name; /* without */
	long long count;  /* records */
	char sha256[65];  /* of the content, in hexadecimal */
};

/* -1 stops the work. */
typedef int spool_fn(void *ctx, const struct spool_batch *, struct fail *);

struct spool_params {
	const char *dir;   /* made, for the owner alone, by the first record */
	long long size;    /* records in a batch, from 1 */
	bool hold;         /* publish nothing before spool_finish() */
	spool_fn *written; /* a batch is complete; or NULL */
	spool_fn *published; /* it has its name, and has it for good */
	void *ctx;
};

/* Lock the folder and clear what a killed run left. TEMP: it is in use. */
int spool_open(struct spool **, const struct spool_params *, struct fail *);

/* One record, without its newline. SYSTEM. */
int spool_add(struct spool *, struct str record, struct fail *);

/* The last batch is complete. SYSTEM. */
int spool_seal(struct spool *, struct fail *);

/* Publish what is left and remove batches with higher numbers. SYSTEM. */
int spool_finish(struct spool *, struct fail *);

/* What is not published is removed. */
void spool_close(struct spool *);

#endif
