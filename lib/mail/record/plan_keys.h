/*
 * The recipient keys of a plan (bm-records.5), in a file beside the plan: one
 * a line, sorted by their bytes, each once. The plan has the file's SHA-256.
 */
#ifndef MAIL_RECORD_PLAN_KEYS_H
#define MAIL_RECORD_PLAN_KEYS_H

#include "base/buf.h"
#include "base/fail.h"
#include "mail/record/plan.h"

#define PLAN_KEYS ".keys" /* appended to the name of the plan's file */

/* The hash of a file of keys in the making. */
struct plan_keys;

struct plan_keys *plan_keys_new(void);

/* Add the next key, in the order of the file. */
void plan_keys_add(struct plan_keys *, struct str key);

/* Append the hash in hexadecimal and free plan_keys. */
void plan_keys_finish(struct plan_keys *, struct buf *hex);

/* DATA unless the text is the file of this plan's keys. */
int plan_keys_check(const struct plan *, struct str text, struct fail *);

#endif
