/*
 * How a store does the work of ledger.h, for those who write a store: the
 * contracts stand there, the laws in README.
 */
#ifndef PORT_LEDGER_LEDGER_OPS_H
#define PORT_LEDGER_LEDGER_OPS_H

#include "base/fail.h"
#include "mail/ledger/ledger_item.h"

struct ledger;

struct ledger_ops {
	int (*close)(struct ledger *, struct fail *);
	int (*claim)(struct ledger *, struct ledger_item **, size_t n,
	    const struct claim_policy *, int64_t now, struct fail *);
	int (*look)(struct ledger *, struct ledger_item *, struct fail *);
	void (*intend)(
	    struct ledger *, const struct ledger_item *, int64_t now);
	void (*settle)(struct ledger *, const struct ledger_item *,
	    const struct outcome *, int64_t now);
	void (*release)(struct ledger *, const struct ledger_item *);
	int (*withdraw)(struct ledger *, const struct ledger_item *,
	    const struct outcome *, int64_t now, struct fail *);
	int (*sync)(struct ledger *, struct fail *);
	int (*rescue)(struct ledger *, struct fail *);
	bool (*unsynced)(const struct ledger *);
	enum ledger_grant (*grant)(struct ledger *, struct ledger_item *);
	int (*fold)(struct ledger *, int64_t now, struct fail *);
	int (*flush)(struct ledger *, struct fail *);
};

/* The first member of a store's sender. */
struct ledger {
	const struct ledger_ops *ops;
	bool waits_for_disk; /* in sync */
};

#endif
