/*
 * Writes the records to stdout or, with --count, the counts as JSON.
 */
#ifndef CMD_RECIPIENTS_RECIPIENTS_SHOW_H
#define CMD_RECIPIENTS_RECIPIENTS_SHOW_H

#include "recipients/recipients.h"

/* SYSTEM if --expect is not met; DATA without any recipient to mail. */
int recipients_show(struct recipients *, struct fail *);

#endif
