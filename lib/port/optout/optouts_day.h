/*
 * A link pressed again and again does not fill the register.
 */
#ifndef PORT_OPTOUT_OPTOUTS_DAY_H
#define PORT_OPTOUT_OPTOUTS_DAY_H

#include <stdbool.h>

#include "port/optout/optout.h"

#define OPTOUTS_DAY_ROWS 8

struct optouts;

/*
 * *full: links have made OPTOUTS_DAY_ROWS rows of the person and scope on the
 * row's day (UTC), the row is another one, and the last row of the person is
 * such a one with the same names. In a transaction of the store.
 */
int optouts_day_is_full(
    struct optouts *, const struct optout *row, bool *full, struct fail *);

/* True for the sources of links: page, one-click and mail. */
bool optouts_day_is_link(struct str source);

#endif
