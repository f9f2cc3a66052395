/*
 * Opens the database and offers the recipients of --to, --query or --read to
 * the audience.
 */
#ifndef CMD_RECIPIENTS_RECIPIENTS_SELECT_H
#define CMD_RECIPIENTS_RECIPIENTS_SELECT_H

#include "recipients/recipients.h"

/* SYSTEM, or TEMP if the database is locked. */
int recipients_select(
    struct recipients *, const struct settings *, struct fail *);

#endif
