/*
 * The store of bm-bounce.
 */
#ifndef BOUNCE_BOUNCE_STORE_H
#define BOUNCE_BOUNCE_STORE_H

#include "base/fail.h"
#include "port/store/store.h"

#define BOUNCE_STORE_OPTION(variable) \
	OPTION_TEXT("db", 0, &(variable), "FILE", "BM_DB", "the database")

/*
 * Open it; for writing, with what dead senders left in their journals. On
 * failure the store may be open: close it.
 */
int bounce_store_open(
    struct store **, const char *path, enum store_mode, struct fail *);

#endif
