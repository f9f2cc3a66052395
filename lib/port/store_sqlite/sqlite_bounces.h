/*
 * The register of bounces in the table bounces.
 */
#ifndef PORT_STORE_SQLITE_SQLITE_BOUNCES_H
#define PORT_STORE_SQLITE_SQLITE_BOUNCES_H

#include "port/db/db.h"
#include "port/store/store.h"

struct bounce_register *sqlite_bounces_new(struct store *, struct db *);
void sqlite_bounces_free(struct bounce_register *);

#endif
