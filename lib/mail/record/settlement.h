/*
 * A line of bm-send --settle (bm-records.5): what a person has found out about
 * a message in doubt.
 */
#ifndef MAIL_RECORD_SETTLEMENT_H
#define MAIL_RECORD_SETTLEMENT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/str.h"

/* Either the address or the Message-ID names the recipient. */
struct settlement {
	struct str email_id;
	struct str email;
	struct str message_id; /* the part left of "@", without "<" */
	struct str queue_id;   /* or absent */
	bool sent;
};

/* Parse a line; the strings are borrowed from it or in the arena. DATA. */
int settlement_parse(
    struct settlement *, struct str line, struct arena *, struct fail *);

#endif
