/* What a store does for its ledger beside a sender: the contracts stand in
 * ledger.h and in ledger_admin, _recipient, _plan, _prune, _visit, _verify.h.
 */
#ifndef PORT_LEDGER_LEDGER_STORE_H
#define PORT_LEDGER_LEDGER_STORE_H

#include "port/ledger/ledger_decision.h"
#include "port/ledger/ledger_durability.h"
#include "port/ledger/ledger_row.h"
#include "port/ledger/recovery_notes.h"

struct ledger;
struct ledger_store;

struct ledger_store_ops {
	int (*open)(struct ledger **, struct ledger_store *,
	    enum ledger_durability, const struct recovery_notes *,
	    struct fail *);
	int (*recover)(struct ledger_store *, const struct recovery_notes *,
	    struct fail *);

	int (*set_state)(struct ledger_store *, struct str email_id,
	    enum ledger_state, struct fail *);
	int (*assume_sent)(struct ledger_store *, struct str email_id,
	    int64_t now, long long *count, struct fail *);
	int (*mark_uncertain)(struct ledger_store *, struct str email_id,
	    int64_t now, bool *known, struct fail *);
	int (*accept_older)(struct ledger_store *, int64_t now,
	    struct ledger_decision_accepted *, struct fail *);
	int (*settle)(struct ledger_store *,
	    const struct ledger_decision_word *, int *was, struct fail *);
	long long (*reopen)(struct ledger_store *,
	    const struct ledger_decision_reopen *, struct fail *);
	int (*each_old)(struct ledger_store *, int64_t before,
	    ledger_row_id_fn *, void *ctx, struct fail *);
	int (*prune)(struct ledger_store *, struct str email_id, struct fail *);

	int (*store_plan)(struct ledger_store *,
	    const struct ledger_decision_plan *, int64_t now, struct fail *);
	int (*read_plan)(struct ledger_store *, struct str email_id,
	    struct ledger_decision_plan *, struct arena *, struct fail *);

	int (*each_mailing)(struct ledger_store *, ledger_row_id_fn *,
	    void *ctx, struct fail *);
	int (*mailing)(struct ledger_store *, struct str email_id,
	    struct ledger_row_mailing *, struct arena *, struct fail *);
	int (*each_row)(struct ledger_store *, struct str email_id,
	    enum ledger_row_part, ledger_row_fn *, void *ctx, struct fail *);
	int (*each_owner)(struct ledger_store *, ledger_row_owner_fn *,
	    void *ctx, struct fail *);
	int (*verify)(struct ledger_store *, struct str email_id,
	    ledger_row_check_fn *, void *ctx, struct fail *);
};

/* The first member of a store's ledger; store->ledger points to it. */
struct ledger_store {
	const struct ledger_store_ops *ops;
};

#endif
