/*
 * Reads the line of a roster that names the columns.
 */
#ifndef MAIL_ROSTER_ROSTER_HEADER_H
#define MAIL_ROSTER_ROSTER_HEADER_H

#include "base/arena.h"
#include "base/fail.h"
#include "mail/roster/roster_columns.h"

/* Is this row the header line: are there titles, and one of addresses? */
bool roster_header_is_likely(const struct str *cells, size_t count,
    const struct roster_columns_choices *, struct arena *);

/*
 * Parse the header line into the arena; choices may be NULL. Titles compare as
 * roster_synonyms_fold() says; columns without one are left out. DATA: no
 * column of addresses, or several; two of bm's own names for one field; a name
 * reserved for another member; a choice of a column that the file lacks.
 */
int roster_header_parse(struct roster_columns *, const struct str *header,
    size_t count, const struct roster_columns_choices *, struct arena *,
    struct fail *);

#endif
