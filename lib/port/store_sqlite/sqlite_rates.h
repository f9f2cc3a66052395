/*
 * Shared rates in the table rates.
 */
#ifndef PORT_STORE_SQLITE_SQLITE_RATES_H
#define PORT_STORE_SQLITE_SQLITE_RATES_H

#include "base/fail.h"

/*
 * By a connection of its own, which the first update opens: grants are
 * committed without a sync, as no grant outlives a power cut. The path is
 * borrowed.
 */
struct rate_book *sqlite_rates_open(const char *path);
void sqlite_rates_close(struct rate_book *);

#endif
