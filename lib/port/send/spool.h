/*
 * A folder of batch files: DIR/000001.ndjson, 000002.ndjson ... Each is written
 * under a hidden name, synced and renamed, so every visible file is complete.
 * A lock keeps other processes out.
 */
#ifndef PORT_SEND_SPOOL_H
#define PORT_SEND_SPOOL_H

#include <stdbool.h>

#include "base/fail.h"
#include "base/str.h"

struct spool;

struct spool_batch {
	const char *path; /* with the folder, as it was given */
	const char *name; /* without the folder */
	long long count;  /* records */
	char sha256[65];  /* of the content, in hexadecimal */
};

/* Returns 0; or -1 with a failure, which the caller of spool_*() gets. */
typedef int spool_fn(void *ctx, const struct spool_batch *, struct fail *);

struct spool_params {
	const char *dir;     /* the first record makes it, with mode 0700 */
	long long size;      /* records in a batch, at least 1 */
	bool hold;           /* publish nothing before spool_finish() */
	spool_fn *written;   /* called for each complete batch; or NULL */
	spool_fn *published; /* called when its name is durable */
	void *ctx;
};

/* Lock the folder and remove parts of a killed run. TEMP: it is in use. */
int spool_open(struct spool **, const struct spool_params *, struct fail *);

/* Add a record, without its newline, to the current batch. SYSTEM. */
int spool_add(struct spool *, struct str record, struct fail *);

/* Complete the current batch, if there is one. SYSTEM. */
int spool_seal(struct spool *, struct fail *);

/* Publish all batches and remove older ones with higher numbers. SYSTEM. */
int spool_finish(struct spool *, struct fail *);

/* Removes batches that are not published. */
void spool_close(struct spool *);

#endif
