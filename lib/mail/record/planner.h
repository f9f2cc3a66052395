/*
 * A plan in the making: records in any order, then the batches they are in.
 * It holds every recipient's key until its end.
 */
#ifndef MAIL_RECORD_PLANNER_H
#define MAIL_RECORD_PLANNER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"
#include "base/json.h"
#include "mail/record/plan.h"

struct planner;

/* policy: of addr_parse(). */
struct planner *planner_new(int policy);
void planner_free(struct planner *);

/*
 * A recipient or message record. DATA: no address, or a bad one. SYSTEM: it
 * is of another mailing, course or content than those before it.
 */
int planner_add(struct planner *, const struct json_object *, struct arena *,
    struct fail *);

void planner_add_batch(
    struct planner *, const char *name, long long count, const char *sha256);

/* Append the plan, and the recipients' keys as plan.h has them in a file. */
void planner_end(struct planner *, struct buf *plan, struct buf *keys);

#endif
