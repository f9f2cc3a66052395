/*
 * Opening a store (port/store/store.h): the one place that chooses what stands
 * behind it.
 */
#ifndef PORT_OPEN_STORE_OPEN_H
#define PORT_OPEN_STORE_OPEN_H

#include "base/fail.h"
#include "port/db/db.h"
#include "port/store/store.h"

/*
 * The store beside a roster, whose database the caller has open for as long:
 * it can be written if that can be. store_close() frees it.
 */
int store_open(struct store **, struct db *roster, struct fail *);

#endif
