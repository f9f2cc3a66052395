/*
 * The envelope of one message (RFC 5321 2.3.1) and the message itself, as a
 * transport is given them.
 */
#ifndef PORT_RELAY_ENVELOPE_H
#define PORT_RELAY_ENVELOPE_H

#include <stdbool.h>

#include "base/str.h"

/* The transport borrows it from the offer to the event DONE. */
struct envelope {
	struct str sender;    /* may be empty: the null reverse-path */
	struct str recipient; /* addr.wire */
	struct str name;      /* unique and safe in file names; may be absent */
	struct str message;   /* RFC 5322, CRLF, not dot-stuffed */
	bool needs_smtputf8;
	long long attempt; /* from 1 */
	void *owner;       /* the caller's */
};

#endif
