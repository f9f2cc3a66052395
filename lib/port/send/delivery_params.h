/*
 * What one delivery run works with. All of it stays the caller's.
 */
#ifndef PORT_SEND_DELIVERY_PARAMS_H
#define PORT_SEND_DELIVERY_PARAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"
#include "base/filter.h"
#include "mail/bounce/verp.h"
#include "mail/mime/addr.h"
#include "port/ledger/ledger.h"
#include "port/optout/act_take.h"
#include "port/relay/answer_share.h"
#include "port/relay/rate_limits.h"
#include "port/relay/relay_stop.h"
#include "port/relay/transport.h"
#include "port/send/batch_files.h"
#include "port/store/store.h"

/* Called once for each stop that the run makes or meets. */
typedef void delivery_params_stop_fn(void *ctx, const struct relay_stop *);

/* A reply to a dot was lost. 1: nothing more is to be sent. */
typedef int delivery_params_loss_fn(void *ctx, struct fail *);

/* So many records at the start, or so far if slow, were settled before. */
typedef void delivery_params_skip_fn(void *ctx, size_t count, bool slow);

struct delivery_params {
	struct filter *filter; /* reads records, writes outcomes */
	struct store *store;   /* ledger, opt-outs, stops */
	struct ledger *ledger;
	struct transport *transport;  /* closed by delivery_run() */
	struct rate_limits *limits;   /* NULL for a Maildir */
	struct answer_share *answers; /* as well */
	struct str relay, account;    /* of stops; absent for a Maildir */
	struct batch_files *batches;  /* learns which files have work left */
	struct claim_policy policy;
	int addr_policy;         /* enum addr_policy */
	struct str sender;       /* of records without one; absent: refused */
	struct verp verp;        /* stops keep such senders by the pattern: */
	struct str verp_pattern; /* or absent */
	int64_t deadline; /* monotonic ms: begin nothing after it; 0: none */
	bool wait;        /* wait for deferred messages and try them again */
	int64_t lifetime; /* ms after which a deferred one failed; 0: never */
	delivery_params_stop_fn *on_stop;            /* may be NULL */
	delivery_params_loss_fn *on_loss;            /* if limits is not NULL */
	delivery_params_skip_fn *on_skip;            /* may be NULL */
	void (*on_note)(void *ctx, struct str line); /* for people; or NULL */
	void *ctx;
	const struct addr *redirect; /* of all messages; NULL: none */
	bool live_links;       /* redirect messages that are no test, too */
	struct act_take *acts; /* opt-outs that come meanwhile; or NULL */
	int signals;           /* a signalfd, or -1; delivery_end_signals() */
};

#endif
