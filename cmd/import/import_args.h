/*
 * The command line of bm-import.
 */
#ifndef CMD_IMPORT_IMPORT_ARGS_H
#define CMD_IMPORT_IMPORT_ARGS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/options.h"
#include "base/progress.h"
#include "port/roster/roster_sheet.h"

#define IMPORT_ARGS_PROGRAM "bm-import"

struct import_args {
	const char *db_path, *course, *title, *url, *image_url, *language;
	const char *role, *enabled, *expect_removed, *expect_changed, *source;
	const char *rejects, *delimiter;
	struct option_list columns;
	struct progress_options progress;
	bool create, sync, change_people, dry_run, verbose;

	const char *file;                 /* NULL: set only the course */
	struct roster_sheet_params sheet; /* by import_args_check() */
};

/*
 * Fill in args and options; the table of options is in the arena. -1: go on;
 * else the exit status.
 */
int import_args_parse(struct import_args *, struct options *, struct arena *,
    int argc, char **argv);

/* SYSTEM if options contradict each other, are missing or have bad values; the
 * parameters of the sheet are in the arena. */
int import_args_check(struct import_args *, struct arena *, struct fail *);

#endif
