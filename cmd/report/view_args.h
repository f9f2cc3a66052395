/*
 * The command line of bm-report.
 */
#ifndef CMD_REPORT_VIEW_ARGS_H
#define CMD_REPORT_VIEW_ARGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/progress.h"

#define PROGRAM "bm-report"

struct view_args {
	const char *id, *db, *state, *plan, *html, *who;
	long long total; /* -1: not given */
	int64_t prune;   /* ms; -1: not given */
	struct progress_options progress;
	bool status, partial, json, records, csv, raw, follow, verify, stops,
	    all;
};

#endif
