/*
 * What bm-import says of rows and of the whole roster, on stderr but for the
 * counts of --dry-run.
 */
#ifndef CMD_IMPORT_IMPORT_REPORT_H
#define CMD_IMPORT_IMPORT_REPORT_H

#include "base/filter.h"
#include "import/import_args.h"
#include "port/roster/roster_csv.h"
#include "port/roster/staging.h"

struct import_report {
	struct filter *filter;
	const char *file;
	const char *course;
	const struct roster_csv *csv;
	long long refused, notes; /* rows; messages about rows taken */
	long long missed; /* addresses in tables that are left out only */
	bool told_left;
	struct progress *progress; /* messages make room for its line */
	int people;                /* that --dry-run has shown */
	bool shows_people;
	long long dropped[ROSTER_COLUMNS]; /* cells left out; the first one */
	struct import_report_cell {
		unsigned long line;
		char text[100];
	} first_dropped[ROSTER_COLUMNS];
};

/* What a row that is taken has to tell; the first three people of a dry run. */
void import_report_row(
    struct import_report *, unsigned long line, const struct roster_row *);

/* Hooks of struct staging_hooks, whose ctx is the report. A refused row makes
 * the exit status 1; of the notes the first hundred are printed. */
void import_report_refuse(
    void *, const struct staging_refused *, const struct fail *);
void import_report_note(void *, unsigned long line, struct str text);

/* After the last note: the counts, for --dry-run and --verbose. */
void import_report_diff(const struct import_report *,
    const struct import_args *, const struct staging_diff *);

/* The last line: rows, people, refused. */
void import_report_end(const struct import_report *, const struct import_args *,
    const struct staging_diff *);

#endif
