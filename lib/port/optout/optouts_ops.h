/*
 * What a store does for the register of opt-outs (optouts.h), whose rules stand
 * in optouts.c. Only stores and optouts*.c include this.
 */
#ifndef PORT_OPTOUT_OPTOUTS_OPS_H
#define PORT_OPTOUT_OPTOUTS_OPS_H

#include "port/optout/optout.h"
#include "port/store/store.h"

struct optouts {
	const struct optouts_ops *ops;
	const struct acts_ops *acts;
	struct store *store;
};

/* One name of a person; the other one is absent. */
struct optouts_name {
	struct str user_id, key;
};

/* Which rows: absent strings stand for any. */
struct optouts_choice {
	struct str course_id;
	bool latest; /* only the latest row of each course and name */
	bool person; /* only rows with one of these names: */
	struct str user_id, key, hidden;
};

/* An absent name matches no row. The functions that write are called in a
 * transaction of the store, and see what it has written. */
struct optouts_ops {
	/* *out: as optouts_check(). *hidden: some row has a hidden key. */
	int (*check)(struct optouts *, struct str course_id, struct str user_id,
	    struct str key, bool *out, bool *hidden, struct fail *);
	/* The rows behind the last "in" of this name. kept: one is no link's,
	 * or, in "*", of another link than this one. */
	int (*standing)(struct optouts *, struct str scope,
	    const struct optouts_name *, struct str link,
	    struct optout_standing *, struct fail *);
	int (*append)(struct optouts *, const struct optout *, struct fail *);
	/* The last row of its scope and names becomes this one, the newest. */
	int (*replace)(struct optouts *, const struct optout *, struct fail *);
	/* *key_known: roster or mailings know the key, or there are neither,
	 * nor the hidden key; *user_known: the roster knows the user id. */
	int (*knows)(struct optouts *, const struct optout *, struct str hidden,
	    bool *key_known, bool *user_known, struct fail *);
	/* Rows in the order in which they were appended. */
	int (*list)(struct optouts *, const struct optouts_choice *,
	    optout_fn *, void *ctx, struct fail *);
	/* As optouts_list_out(), optouts_has_course(), optouts_count(). */
	int (*list_out)(struct optouts *, struct str course_id,
	    optout_name_fn *, void *ctx, struct fail *);
	int (*has_course)(
	    struct optouts *, struct str course_id, bool *has, struct fail *);
	int (*count)(struct optouts *, struct str course_id, int64_t since,
	    long long *count, struct fail *);
};

#endif
