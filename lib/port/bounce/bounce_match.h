/*
 * Whom a bounce proves to be about: a delivery in the ledger, found by the
 * token of its envelope sender or by its Message-ID.
 */
#ifndef PORT_BOUNCE_BOUNCE_MATCH_H
#define PORT_BOUNCE_BOUNCE_MATCH_H

#include <stdbool.h>

#include "base/fail.h"
#include "mail/bounce/verp.h"
#include "port/store/store.h"

struct bounce_match;

/* Mailings are read from the store when they are needed, once each. */
struct bounce_match *bounce_match_new(struct store *);
void bounce_match_free(struct bounce_match *);

struct bounce_match_found {
	bool found;
	struct str email_id, key; /* as long as the match lives */
};

/*
 * A token of any secret, whose message was sent (or is in doubt). SYSTEM, TEMP
 * of the store.
 */
int bounce_match_token(struct bounce_match *, struct str token,
    const unsigned char (*secrets)[VERP_KEY], size_t count,
    struct bounce_match_found *, struct fail *);

/* A Message-ID, in angle brackets or not. */
int bounce_match_message_id(struct bounce_match *, struct str id,
    struct bounce_match_found *, struct fail *);

#endif
