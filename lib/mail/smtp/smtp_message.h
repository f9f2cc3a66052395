/*
 * A message for one recipient as the SMTP dialogue sends it.
 */
#ifndef MAIL_SMTP_SMTP_MESSAGE_H
#define MAIL_SMTP_SMTP_MESSAGE_H

#include <stdbool.h>

#include "base/str.h"

/* Borrowed from smtp_offer() to the event that ends the message. */
struct smtp_message {
	struct str sender; /* may be empty: the null reverse-path */
	struct str recipient;
	struct str text; /* RFC 5322, CRLF, not dot-stuffed */
	bool needs_smtputf8;
	void *owner; /* returned in the events of this message */
};

#endif
