/*
 * Addresses: the one parser for all programs (RFC 5321 4.1.2, 5322 3.4.1,
 * 6531), and the key under which a recipient is known.
 */
#ifndef MAIL_MIME_ADDR_H
#define MAIL_MIME_ADDR_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"

struct addr {
	struct str local;  /* as written */
	struct str domain; /* A-labels, lower case (UTS 46, IDNA 2008) */
	struct str wire;   /* local@domain as it goes into an envelope */
	struct str key;    /* recipient key: local part NFC, ASCII lower case */
	bool needs_smtputf8; /* the local part is not ASCII */
};

enum addr_policy {
	ADDR_STRICT = 0,
	ADDR_RESERVED = 1, /* domains of RFC 2606 are taken, too */
};

/*
 * Parse one bare address; everything it yields lives in the arena. A domain
 * literal, a source route, a control character, white space, a name that is
 * too long, a trailing dot or a reserved domain (unless allowed) is DATA with
 * its own reason.
 */
int addr_parse(
    struct addr *, struct str text, int policy, struct arena *, struct fail *);

/* A mailbox "Display Name <local@domain>" or a bare address. DATA. */
int addr_parse_mailbox(struct addr *, struct str *name, struct str text,
    int policy, struct arena *, struct fail *);

/*
 * A domain in the form that people know: U-labels for A-labels (RFC 5890). As
 * it is when it has none or they are none. In the arena.
 */
struct str addr_shown(struct str domain, struct arena *);

/* A line with the name and version of the library, for --version. */
void addr_library(struct buf *);

#endif
