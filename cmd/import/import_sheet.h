/*
 * What bm-import has understood of a sheet, for people: on stderr.
 */
#ifndef CMD_IMPORT_IMPORT_SHEET_H
#define CMD_IMPORT_IMPORT_SHEET_H

#include <stdbool.h>

#include "port/roster/roster_csv.h"

/* Lines that are skipped, titles that clash; with all, also the encoding, the
 * separator, and each column with its field. */
void import_sheet_tell(const struct roster_csv *, bool all);

/* A person as the row is understood. */
void import_sheet_person(
    const struct roster_csv *, unsigned long line, const struct roster_row *);

#endif
