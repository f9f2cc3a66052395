/*
 * What a staged roster says of known people: that they have another address,
 * or, as far as anybody can tell, that they are other people.
 */
#ifndef PORT_ROSTER_STAGING_IDENTITY_H
#define PORT_ROSTER_STAGING_IDENTITY_H

#include "port/db/db.h"
#include "port/roster/staging_params.h"

/* People with another address; keys that several new or moved rows have. */
#define STAGING_IDENTITY_TABLES                                         \
	"CREATE TEMP TABLE judged(id TEXT PRIMARY KEY, seq INTEGER,"    \
	" other INTEGER) WITHOUT ROWID;"                                \
	"CREATE TEMP TABLE shared(key TEXT PRIMARY KEY, first INTEGER)" \
	" WITHOUT ROWID;"

/*
 * Judge the rows of table change. A row that would make another person of a
 * stored one is refused and taken out of the tables, unless the parameters
 * allow it; the others with a new address are noted and stay in table judged.
 * An address that one person more has is noted as well. SYSTEM.
 */
int staging_identity_judge(struct db *, const struct staging_params *,
    const struct staging_hooks *, struct fail *);

#endif
