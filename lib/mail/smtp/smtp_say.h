/*
 * What the SMTP dialogue sends.
 */
#ifndef MAIL_SMTP_SMTP_SAY_H
#define MAIL_SMTP_SMTP_SAY_H

#include <stdbool.h>

#include "mail/smtp/smtp_state.h"

/* Append to the output all that may be sent now, up to about a chunk. */
void smtp_say_fill(struct smtp *);

/*
 * Remove current's envelope from the output. False, with no effect, if a
 * part of it is sent or its body has begun.
 */
bool smtp_say_undo(struct smtp *);

#endif
