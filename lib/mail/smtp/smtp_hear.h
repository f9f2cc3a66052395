/*
 * What a reply does to the SMTP dialogue.
 */
#ifndef MAIL_SMTP_SMTP_HEAR_H
#define MAIL_SMTP_SMTP_HEAR_H

#include "mail/smtp/smtp_state.h"

/* Apply a whole reply: to the oldest awaited command, or unasked for. */
void smtp_hear_reply(struct smtp *, const struct reply *);

#endif
