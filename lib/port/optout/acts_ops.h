/*
 * What a store keeps of the acts that were taken over from drop folders while
 * their files may still be there (act_take.h). All belong into a transaction.
 */
#ifndef PORT_OPTOUT_ACTS_OPS_H
#define PORT_OPTOUT_ACTS_OPS_H

#include <stdbool.h>

#include "base/fail.h"
#include "base/str.h"

struct optouts;

/* Called with the name of an act, borrowed; a failure ends the visit. */
typedef int acts_ops_fn(void *ctx, struct str name, struct fail *);

struct acts_ops {
	/* *is_new: the store had no such act. */
	int (*add)(struct optouts *, struct str folder, struct str name,
	    bool *is_new, struct fail *);
	int (*remove)(struct optouts *, struct str folder, struct str name,
	    struct fail *);
	int (*list)(struct optouts *, struct str folder, acts_ops_fn *,
	    void *ctx, struct fail *);
};

#endif
