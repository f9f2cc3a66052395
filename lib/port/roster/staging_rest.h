/*
 * The addresses of rows that an import leaves out, held against the staged
 * ones: is anybody only there?
 */
#ifndef PORT_ROSTER_STAGING_REST_H
#define PORT_ROSTER_STAGING_REST_H

#include "port/db/db.h"

/* Zeroed but for the database, which is borrowed and has a staging open. */
struct staging_rest {
	struct db *db;
	struct db_statement *add; /* the database's */
};

/* Keep the key of an address in a TEMP table. SYSTEM. */
int staging_rest_add(struct staging_rest *, struct str key, struct fail *);

/* Before staging_resolve(): how many of the addresses no staged row has. */
int staging_rest_count(struct staging_rest *, long long *, struct fail *);

#endif
