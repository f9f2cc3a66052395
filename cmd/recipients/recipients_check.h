/*
 * Checks and parses the command line of bm-recipients. SYSTEM.
 */
#ifndef CMD_RECIPIENTS_RECIPIENTS_CHECK_H
#define CMD_RECIPIENTS_RECIPIENTS_CHECK_H

#include "recipients/recipients.h"

int recipients_check(struct recipients *, struct fail *);

#endif
