/*
 * Delivering a stream of message records: claim, send, tell what happened.
 * Exactly one outcome is written for each record that names a recipient, and
 * no outcome before the ledger has it for good.
 */
#ifndef PORT_SEND_DELIVERY_H
#define PORT_SEND_DELIVERY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"
#include "base/filter.h"
#include "port/db/db.h"
#include "port/ledger/ledger.h"
#include "port/relay/rate_limits.h"
#include "port/relay/transport.h"
#include "port/send/batch_files.h"

/*
 * The relay refuses us, for good or until next_try: told before anything else
 * is done.
 */
typedef int delivery_stop_fn(void *ctx, const struct outcome *, struct fail *);

struct delivery_params {
	struct filter *filter; /* records in, outcomes out, the exit status */
	struct db *db;         /* the register of opt-outs is read there */
	struct ledger *ledger;
	struct transport *transport;
	struct rate_limits *limits;  /* NULL: a Maildir has none */
	struct batch_files *batches; /* told of each file with something left */
	struct claim_policy policy;
	int addr_policy; /* enum addr_policy */
	int64_t
	    deadline; /* ms since 1970: nothing is begun after it; 0: none */
	bool wait;    /* for what is deferred, and try again */
	int64_t lifetime;          /* ms that it is tried for; 0: for ever */
	delivery_stop_fn *on_stop; /* may be NULL */
	void *ctx;
	const struct addr *redirect; /* everything goes there; NULL: nowhere */
	int signals; /* a signalfd: the first ends early, the second at
		      * once; -1: none */
};

/*
 * Returns 0 when every record read has its outcome; what that means for the
 * exit status has been raised in the filter. -1: it stopped, and what was
 * under way is left to the ledger's recovery. The transport is freed.
 */
int delivery_run(const struct delivery_params *, struct fail *);

#endif
