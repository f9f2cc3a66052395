/*
 * All that bm-send has open while it works.
 */
#ifndef CMD_SEND_SEND_RUN_H
#define CMD_SEND_SEND_RUN_H

#include "base/arena.h"
#include "base/filter.h"
#include "base/settings.h"
#include "mail/mime/addr.h"
#include "port/ledger/ledger.h"
#include "port/relay/answer_share.h"
#include "port/relay/rate_limits.h"
#include "port/relay/relay_params.h"
#include "port/relay/transport.h"
#include "port/send/batch_files.h"
#include "port/store/store.h"
#include "send/send_args.h"

#define SEND_RUN_DB_WAIT_MS 60000

struct send_run {
	const struct send_args *args;
	const struct settings *settings;
	struct filter *filter;
	struct batch_files *batches;
	struct store *store;
	struct ledger *ledger;
	struct recovery_notes notes; /* of the ledger */
	struct transport *transport;
	struct rate_limits *limits;
	struct answer_share *answers;
	struct relay_params relay;
	char *relay_name;    /* NULL: no relay is used */
	struct arena *arena; /* lives as long as the run */
	struct addr redirect;
};

/* Open the database and its ledger. */
int send_run_open_ledger(struct send_run *, struct fail *);

/*
 * Close all that is open. rc < 0: report the failure first. Returns the exit
 * status.
 */
int send_run_close(struct send_run *, int rc, const struct fail *);

#endif
