/*
 * The names of a roster's merge fields.
 */
#ifndef MAIL_ROSTER_ROSTER_MERGES_H
#define MAIL_ROSTER_ROSTER_MERGES_H

#include "mail/roster/roster_columns.h"

/*
 * Make a merge field of each column that has a title and is not used up. A
 * title that can stand in a tag is the name, another one is made to fit; a name
 * that is given already gets a number, and a note says so. names[i].p, unless
 * NULL, is the name that the caller wants for column i. DATA for a name that
 * another member of records has.
 */
int roster_merges_make(struct roster_columns *, const struct str *names,
    const bool *used, struct arena *, struct fail *);

#endif
