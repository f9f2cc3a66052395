/*
 * The state of bm-render. The options that need no conversion are stored in
 * paths and params directly.
 */
#ifndef CMD_RENDER_RENDER_H
#define CMD_RENDER_RENDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/options.h"
#include "base/progress.h"
#include "mail/bounce/verp.h"
#include "mail/message/compose.h"
#include "mail/optout/token.h"
#include "port/mailing/mailing.h"

#define PROGRAM "bm-render"

struct render {
	/* The command line and settings. */
	const char *id, *subject, *course, *missing, *part, *links, *expires;
	const char *base_url, *why, *from, *reply_to, *sender, *default_from,
	    *envelope_sender;
	const char *optout_url, *optout_mailto, *key_file;
	const char *verp;
	const char *postal_address, *platform_name, *rejects, *preview;
	struct option_list sets, defaults, headers, attach;
	long long width, samples;
	bool no_optout, lint;
	struct progress_options progress_options;
	struct mailing_paths paths;
	struct compose_params params;

	struct arena *arena; /* of the run */
	struct token_keys keys, verp_keys;
	struct verp verp_form;
	struct progress progress;
	struct render_lacks *lacks;
	struct mailing *mailing;
	struct compose *compose;
	int64_t date; /* SOURCE_DATE_EPOCH in ms since 1970; -1: now */
};

#endif
