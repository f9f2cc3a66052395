/*
 * The plan of a mailing (bm-records.5): what was to be sent, to hold against
 * what was.
 */
#ifndef MAIL_RECORD_PLAN_H
#define MAIL_RECORD_PLAN_H

#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"

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
	long long count; /* recipients, each counted once */
	struct str keys_sha256;
	struct plan_domain *domains; /* by name */
	size_t domain_count;
	struct plan_batch *batches;
	size_t batch_count;
};

/* One object and its newline. */
void plan_put(struct buf *, const struct plan *);

/* Strings live in the arena or the text. DATA names the member. */
int plan_parse(struct plan *, struct str text, struct arena *, struct fail *);

/* The batch of that name, or NULL. */
const struct plan_batch *plan_find(const struct plan *, struct str name);

/*
 * The hash of a set of recipient keys: SHA-256 over the keys sorted by their
 * bytes, each once, each with a newline behind it, which is also what stands
 * in the file of the keys beside the plan. plan_keys_add() takes them in that
 * order.
 */
struct plan_keys;

#define PLAN_KEYS ".keys"            /* behind the name of the plan */
#define PLAN_MAX (256 * 1024 * 1024) /* bytes in a plan or its keys */

struct plan_keys *plan_keys_new(void);
void plan_keys_add(struct plan_keys *, struct str key);

/* Appends the hash in hexadecimal; the keys are freed. */
void plan_keys_end(struct plan_keys *, struct buf *hex);

/* DATA unless the text is the file of this plan's keys. */
int plan_check_keys(const struct plan *, struct str text, struct fail *);

#endif
