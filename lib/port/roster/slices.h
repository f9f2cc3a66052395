/*
 * Applies statements to each id of a TEMP table, in slices: one transaction
 * each, sized so that it takes about 8 ms and a sender does not notice.
 */
#ifndef PORT_ROSTER_SLICES_H
#define PORT_ROSTER_SLICES_H

#include "port/db/db.h"

#define SLICES_STATEMENTS 3

/* The statements are borrowed; apply[] ends at its first NULL. */
struct slices {
	struct str course_id, role;
	struct db_statement *next; /* yields ids after ?1, at most ?2 */
	/* Applied to id ?1, course ?2, role ?3. */
	struct db_statement *apply[SLICES_STATEMENTS];
	struct progress *progress; /* counts the ids; or NULL */
};

/* SYSTEM, TEMP as transaction_begin(); slices before the failing one are
 * committed. */
int slices_apply(struct db *, const struct slices *, struct fail *);

#endif
