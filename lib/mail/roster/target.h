/*
 * The target of a mailing: myself, staff, learners, all, cohort:NAME,
 * track:MODE, user:USERNAME, email:ADDRESS (bm-recipients.1).
 */
#ifndef MAIL_ROSTER_TARGET_H
#define MAIL_ROSTER_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"
#include "base/str.h"
#include "mail/roster/target_person.h"

enum target_kind {
	TARGET_MYSELF,
	TARGET_STAFF,
	TARGET_LEARNERS,
	TARGET_ALL,
	TARGET_COHORT,
	TARGET_TRACK,
	TARGET_USER,
	TARGET_EMAIL,
};

struct target {
	enum target_kind kind;
	struct str text;  /* as given */
	struct str value; /* after the colon */
	/* User ids of a picked target; the caller looks them up. */
	struct str *ids;
	size_t id_count;
};

enum target_answer {
	TARGET_NO,
	TARGET_INACTIVE,   /* in the target, but the account is not active */
	TARGET_NOT_RECENT, /* in the target, but the last login is too old */
	TARGET_YES,
};

/* Borrows the text. SYSTEM suggests the most similar target. */
int target_parse(struct target *, struct str text, struct fail *);

/* True for myself, user: and email:, which name single people. */
bool target_is_picked(const struct target *);

/* Whether the target sends mail to the person. */
enum target_answer target_ask(
    const struct target *, const struct target_person *);

/* The record's "why": learner, staff, or the text of the target. */
struct str target_why(const struct target *, const struct target_person *);

#endif
