/*
 * Makes a plan: from records in any order, then from the batches with them.
 * Memory: every recipient's key until planner_free().
 */
#ifndef MAIL_RECORD_PLANNER_H
#define MAIL_RECORD_PLANNER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"
#include "base/json.h"
#include "mail/record/plan.h"

struct planner;

/* policy: for addr_parse(). */
struct planner *planner_new(int policy);
void planner_free(struct planner *);

/*
 * Add a recipient or message record. DATA: the address is missing or invalid.
 * SYSTEM: mailing, course or content is not the one of the records before.
 */
int planner_add(struct planner *, const struct json_object *, struct arena *,
    struct fail *);

/* Copies the strings; the batches stay in the order of the calls. */
void planner_add_batch(
    struct planner *, const char *name, long long count, const char *sha256);

/* Append the plan, and the content of its file of keys (plan_keys.h). */
void planner_finish(struct planner *, struct buf *plan, struct buf *keys);

#endif
