/*
 * The command line of bm-send.
 */
#ifndef CMD_SEND_SEND_ARGS_H
#define CMD_SEND_SEND_ARGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/options.h"

#define SEND_ARGS_PROGRAM "bm-send"

struct send_args {
	const char *plan, *db, *maildir, *rejects, *durability, *retry;
	const char *hold, *release, *cancel, *assume_sent, *uncertain, *settle,
	    *lift;
	const char *profile, *redirect;
	long long connections, per_connection;
	struct option_list rates;
	int64_t deadline; /* ms from the start; 0: none */
	int64_t since;    /* of the retry, ms before now; -1: of all */
	int64_t lifetime; /* ms from the first attempt; 0: unlimited */
	bool wait, unlink, accept_content, resend_in_doubt, check;
	bool accept_older, json, verbose, live_links;
	bool has_input; /* operands name it */
};

/*
 * Fill in args and options; the table of options is in the arena. -1: go on;
 * else the exit status.
 */
int send_args_parse(struct send_args *, struct options *, struct arena *,
    int argc, char **argv);

#endif
