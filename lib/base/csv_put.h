/*
 * Writing CSV (RFC 4180).
 */
#ifndef BASE_CSV_PUT_H
#define BASE_CSV_PUT_H

#include <stdbool.h>

#include "base/buf.h"

enum csv_put_form {
	CSV_PUT_RAW,   /* the text as it is */
	CSV_PUT_SHEET, /* for spreadsheets: no text is a formula */
};

/*
 * Appends a field, in quotes if it needs them or always is set. For a
 * spreadsheet, a text that begins with = + - @, a TAB or a CR, which programs
 * take for a formula, gets an apostrophe before it.
 */
void csv_put(struct buf *, struct str, enum csv_put_form, bool always);

#endif
