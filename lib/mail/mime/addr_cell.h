/*
 * The cell of a table that holds one person's address, as people paste it.
 */
#ifndef MAIL_MIME_ADDR_CELL_H
#define MAIL_MIME_ADDR_CELL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/fail.h"

struct addr_cell {
	struct str address; /* not parsed; absent if the cell is empty */
	struct str name;    /* of "Name <address>"; absent without */
	bool guarded;       /* it begins with an apostrophe */
};

/*
 * Take what is no part of the address away: white space and invisible
 * characters around it, "mailto:", angle brackets with a name before them, a
 * spreadsheet's ="...", apostrophes on both sides. Strings are in the text or
 * the arena. DATA if the cell holds several addresses.
 */
int addr_cell_read(
    struct addr_cell *, struct str text, struct arena *, struct fail *);

#endif
