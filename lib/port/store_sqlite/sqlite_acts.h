/* Acts that were taken over, in SQLite (port/optout/acts_ops.h). */
#ifndef PORT_STORE_SQLITE_SQLITE_ACTS_H
#define PORT_STORE_SQLITE_SQLITE_ACTS_H

#include "port/optout/acts_ops.h"

extern const struct acts_ops sqlite_acts_ops;

#endif
