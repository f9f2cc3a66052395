/*
 * Whom a mailing is for: myself, staff, learners, all, cohort:NAME,
 * track:MODE, user:USERNAME, email:ADDRESS (bm-recipients.1).
 */
#ifndef MAIL_ROSTER_TARGET_H
#define MAIL_ROSTER_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"
#include "base/str.h"

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
	struct str value; /* behind the colon */
	/* Whoever a hand-picked target stands for, once looked up. */
	struct str *ids;
	size_t id_count;
};

/* What a person is in the course. */
struct target_person {
	struct str user_id;
	struct str mode, cohort; /* may be absent */
	bool enrolled;           /* and the enrolment is active */
	bool staff;              /* holds the role staff or instructor */
	bool active;             /* the account */
	bool recent;             /* logged in lately, or never */
};

enum target_answer {
	TARGET_NO,
	TARGET_INACTIVE,   /* would be, but the account is not active */
	TARGET_NOT_RECENT, /* would be, but has not logged in for too long */
	TARGET_YES,
};

/* SYSTEM when it is none, naming the nearest. The text is borrowed. */
int target_parse(struct target *, struct str text, struct fail *);

/* myself, user: and email: are looked up one by one. */
bool target_is_picked(const struct target *);

/* Belongs to it, whatever the account's state. */
bool target_has(const struct target *, const struct target_person *);

/* Is to be mailed because of it. */
enum target_answer target_ask(
    const struct target *, const struct target_person *);

/* The record's "why": learner, staff, or the target itself. */
struct str target_why(const struct target *, const struct target_person *);

#endif
