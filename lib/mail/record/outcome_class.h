/*
 * The classes of outcomes (bm-records.5), and which of them an operator may
 * reopen with bm-send --retry.
 */
#ifndef MAIL_RECORD_OUTCOME_CLASS_H
#define MAIL_RECORD_OUTCOME_CLASS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"

enum outcome_class_retry {
	OUTCOME_CLASS_FINAL, /* no retry; the remedy tells what to do */
	OUTCOME_CLASS_RETRY,
	OUTCOME_CLASS_SINCE, /* only together with a time */
};

struct outcome_class {
	const char *name;
	enum outcome_class_retry retry;
	const char *remedy; /* of a final class, behind a colon */
};

/* The class of this name, or NULL. */
const struct outcome_class *outcome_class_find(struct str name);

/*
 * 0: --retry may reopen recipients of this class. SYSTEM, with the remedy or
 * the nearest name, for a final class, a name that is no class, and a class
 * that needs a time when none is given.
 */
int outcome_class_check_retry(const char *name, bool has_time, struct fail *);

/*
 * True if --retry name reopens an outcome of this class at this time, of those
 * since a time (ms since 1970; 0: of all).
 */
bool outcome_class_reopens(
    const char *name, int64_t since, struct str class, int64_t at);

#define OUTCOME_CLASS_SINCE_MS INT64_C(604800000) /* how far back at most */

#endif
