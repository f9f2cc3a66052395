/*
 * What a bounce changes: rows in the register of bounces, opt-outs of those who
 * complain.
 */
#ifndef BOUNCE_BOUNCE_EFFECT_H
#define BOUNCE_BOUNCE_EFFECT_H

#include "base/arena.h"
#include "base/settings.h"
#include "mail/bounce/bounce.h"
#include "mail/bounce/bounce_record.h"
#include "mail/optout/token.h"
#include "port/bounce/bounce_match.h"
#include "port/store/store.h"

struct bounce_effect {
	struct store *store; /* NULL: nothing is changed */
	struct bounce_match *match;
	struct arena *arena; /* of the run */
	struct token_keys keys;
	unsigned char (*secrets)[VERP_KEY];
	long long added, known, foreign, optouts;
};

/* With BM_DB, its store; with BM_VERP_KEY_FILE, its keys. SYSTEM, TEMP. */
int bounce_effect_open(
    struct bounce_effect *, const struct settings *, struct fail *);
void bounce_effect_close(struct bounce_effect *);

/*
 * Enter what a message tells of our deliveries, once; fills in whom each bounce
 * is about. about has a place for each bounce; its strings are in the arena.
 */
int bounce_effect_apply(struct bounce_effect *, const struct bounces *,
    struct str token, struct bounce_record_about *, struct arena *,
    struct fail *);

/* "2 entered, 1 known before ...", on stderr. */
void bounce_effect_tell(const struct bounce_effect *);

#endif
