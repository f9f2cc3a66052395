/*
 * Addresses in texts of any kind, as they are written there.
 */
#ifndef MAIL_BOUNCE_BOUNCE_ADDRESS_H
#define MAIL_BOUNCE_BOUNCE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/*
 * The next address of a text at or behind the offset *i, which moves behind
 * it; the result is absent at the end. A domain needs no dot.
 */
struct str bounce_address_next(struct str text, size_t *i);

/* True if two addresses differ in case only. */
bool bounce_address_same(struct str, struct str);

/* True if a text has the address. */
bool bounce_address_in(struct str text, struct str address);

/* The part before the last "@". */
struct str bounce_address_local(struct str);

/* True for postmaster and the other names that mailers write under. */
bool bounce_address_is_role(struct str);

#endif
