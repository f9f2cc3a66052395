/*
 * What a store does for the register of bounces (bounce_register.c).
 */
#ifndef PORT_BOUNCE_BOUNCE_REGISTER_OPS_H
#define PORT_BOUNCE_BOUNCE_REGISTER_OPS_H

#include "base/buf.h"
#include "port/bounce/bounce_row.h"
#include "port/store/store.h"

struct bounce_register {
	const struct bounce_register_ops *ops;
	struct store *store;
};

/* What weighs of a row. */
struct bounce_register_weight {
	struct buf kind, proof;
	int64_t at;
};

/* Writes are called in a transaction of the store, and each changes the number
 * that the ledger's look tells (struct ledger_look). */
struct bounce_register_ops {
	/* The row of a recipient of a mailing, cleared or not: 1, or 0. */
	int (*find)(struct bounce_register *, struct str email_id,
	    struct str key, struct bounce_register_weight *, struct fail *);
	/* In place of the row that is there; it is not cleared. */
	int (*put)(
	    struct bounce_register *, const struct bounce_row *, struct fail *);
	/* Rows of hard and soft bounces that are not cleared, by key and time;
	 * of one key, or of all if it is absent. Those of SMTP only as long as
	 * the ledger says failed, or has no row. */
	int (*each)(struct bounce_register *, struct str key, bounce_row_fn *,
	    void *ctx, struct fail *);
	/* The same of hard ones, by mailing, domain and time, where a domain
	 * has more than least in the mailing. */
	int (*each_hard)(struct bounce_register *, long long least,
	    bounce_row_fn *, void *ctx, struct fail *);
	/* Rows from since on that are not cleared yet; *count of them. */
	int (*clear)(struct bounce_register *, struct str key, int64_t since,
	    int64_t now, long long *count, struct fail *);
	/* Hard, soft and policy; complaints. Not what SMTP has refused. */
	int (*count)(struct bounce_register *, struct str email_id,
	    long long *bounced, long long *complained, struct fail *);
	/* Of the ledger: recipients of a domain in a mailing; the last time
	 * that a message was sent and did not come back, or 0; the mailing that
	 * was sent last, 1 or 0. Tests (~redirected) are no mailings. */
	int (*recipients)(struct bounce_register *, struct str email_id,
	    struct str domain, long long *count, struct fail *);
	int (*success)(struct bounce_register *, struct str key, int64_t *at,
	    struct fail *);
	int (*last)(struct bounce_register *, struct str key, struct buf *id,
	    struct fail *);
	/* The row of the ledger is failed. */
	int (*failed)(struct bounce_register *, struct str email_id,
	    struct str key, bool *failed, struct fail *);
};

#endif
