/*
 * The plan of a mailing (bm-records.5): the recipients and batches to send,
 * compared later with the ledgers.
 */
#ifndef MAIL_RECORD_PLAN_H
#define MAIL_RECORD_PLAN_H

#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"

#define PLAN_MAX (256 * 1024 * 1024) /* bytes of a plan or of its keys */

struct plan_batch {
	struct str name; /* of the file, without its folder */
	long long count; /* records */
	struct str sha256;
};

struct plan_domain {
	struct str name;
	long long count; /* recipients */
};

struct plan {
	struct str email_id, course_id, content; /* may be absent */
	long long count;                         /* different recipients */
	struct str keys_sha256;
	struct plan_domain *domains; /* sorted by name */
	size_t domain_count;
	struct plan_batch *batches;
	size_t batch_count;
};

/* Append one object and its newline. */
void plan_put(struct buf *, const struct plan *);

/* Parse a plan; strings are in the arena or the text. DATA names the member. */
int plan_parse(struct plan *, struct str text, struct arena *, struct fail *);

/* The batch of that name, or NULL. */
const struct plan_batch *plan_find(const struct plan *, struct str name);

#endif
