/*
 * Addresses: the only parser, for all programs (RFC 5321 4.1.2, 5322 3.4.1,
 * 6531), and the key that identifies a recipient.
 */
#ifndef MAIL_MIME_ADDR_H
#define MAIL_MIME_ADDR_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"

struct addr {
	struct str local;  /* unchanged */
	struct str domain; /* A-labels, lower case (UTS 46, IDNA 2008) */
	struct str wire;   /* local@domain as it goes into an envelope */
	struct str key;    /* recipient key: local part NFC, ASCII lower case */
	bool needs_smtputf8; /* the local part is not ASCII */
};

enum addr_policy {
	ADDR_STRICT = 0,
	ADDR_RESERVED = 1, /* accept the domains of RFC 2606, too */
};

/*
 * Parse one bare address; the result lives in the arena. A domain literal, a
 * source route, a control character, white space, a name that is too long, a
 * trailing dot or a reserved domain (unless allowed) is DATA, each with its
 * own reason.
 */
int addr_parse(
    struct addr *, struct str text, int policy, struct arena *, struct fail *);

/*
 * Parse a mailbox "Display Name <local@domain>" or a bare address; without a
 * display name, name->p is NULL. DATA.
 */
int addr_parse_mailbox(struct addr *, struct str *name, struct str text,
    int policy, struct arena *, struct fail *);

/*
 * A domain as people read it, in the arena: with U-labels for A-labels (RFC
 * 5890). A domain without valid A-labels is copied unchanged.
 */
struct str addr_shown(struct str domain, struct arena *);

/* Append a line with the name and version of libidn2, for --version. */
void addr_library(struct buf *);

#endif
