/*
 * How many people an import may remove or give another address.
 */
#ifndef CMD_IMPORT_IMPORT_GUARD_H
#define CMD_IMPORT_IMPORT_GUARD_H

#include "base/fail.h"
#include "import/import_args.h"
#include "port/roster/staging.h"

/*
 * SYSTEM, with the option that allows it, if more people would change than
 * expected; DATA if people would be removed by a file with refused rows, or
 * with addresses that are only in a table that is left out (missed).
 */
int import_guard_check(const struct import_args *, const struct staging_diff *,
    long long refused, long long missed, struct fail *);

#endif
