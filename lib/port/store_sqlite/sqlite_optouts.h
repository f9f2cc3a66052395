/*
 * The register of opt-outs in the table optouts.
 */
#ifndef PORT_STORE_SQLITE_SQLITE_OPTOUTS_H
#define PORT_STORE_SQLITE_SQLITE_OPTOUTS_H

#include "port/db/db.h"
#include "port/store/store.h"

struct optouts *sqlite_optouts_new(struct store *, struct db *);
void sqlite_optouts_free(struct optouts *);

struct db *sqlite_optouts_db(struct optouts *);

#endif
