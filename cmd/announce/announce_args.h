/*
 * The command line of bm-announce, and the options that it hands on.
 */
#ifndef CMD_ANNOUNCE_ANNOUNCE_ARGS_H
#define CMD_ANNOUNCE_ANNOUNCE_ARGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/options.h"

#define ANNOUNCE_ARGS_WAIT INT64_C(3600000) /* ms */

/* The options that each program gets as they are given. */
#define ANNOUNCE_ARGS_RECIPIENTS                                      \
	"db course to except as last-login-within last-login-before " \
	"never-logged-in ledger query query-db timeout read limit expect"
#define ANNOUNCE_ARGS_RENDER                                               \
	"subject from reply-to text format hard-breaks inline layout set " \
	"header attach envelope-sender missing default base-url why"
#define ANNOUNCE_ARGS_SEND                                              \
	"db maildir connections per-connection deadline lifetime rate " \
	"relay-profile durability retry accept-content resend-in-doubt"

struct announce_args {
	const char *course, *subject, *id, *test, *not_after, *not_before, *dir,
	    *db;
	bool send, quiet, no_wait;
	int64_t wait; /* ms; -1: not given */
	long long workers;

	/* Handed on; below their bounds: not given. */
	struct option_list to, except, sets, defaults, headers, attach, rates;
	const char *as, *ledger, *query, *query_db, *read, *expect, *from,
	    *reply_to, *text, *format, *layout, *envelope_sender, *missing,
	    *base_url, *why, *maildir, *relay_profile, *durability, *retry;
	long long limit, connections, per_connection;
	int64_t within, before, timeout, deadline, lifetime; /* ms */
	bool never, accept_content, resend_in_doubt, hard_breaks, images;
};

/*
 * Fill in args and options; the table of options is in the arena. -1: go on;
 * else the exit status.
 */
int announce_args_parse(struct announce_args *, struct options *,
    struct arena *, int argc, char **argv);

#endif
