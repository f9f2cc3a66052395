/*
 * Opt-out tokens: who and which course, sealed so that nobody can read, make
 * or change one. Deterministic: the same person and course, the same token.
 */
#ifndef MAIL_OPTOUT_TOKEN_H
#define MAIL_OPTOUT_TOKEN_H

#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/crypto.h"
#include "base/fail.h"

#define TOKEN_MAX 720 /* characters */

struct token_key {
	unsigned char id;
	unsigned char bytes[CRYPTO_SIV_KEY];
};

/* The first key makes new tokens; all are accepted. */
struct token_keys {
	struct token_key *keys;
	size_t count;
};

struct token {
	struct str key;     /* recipient key */
	struct str user_id; /* may be empty */
	struct str course_id;
};

/*
 * The content of a key file: lines "ID base64(64 bytes)", ID 0-255. SYSTEM.
 * The keys live in the arena.
 */
int token_keys_parse(
    struct token_keys *, struct str text, struct arena *, struct fail *);

/* Append the token. A person and course too long for TOKEN_MAX are DATA. */
int token_make(struct buf *, const struct token_keys *, const struct token *,
    struct fail *);

/* Any defect is the same DATA "not a valid token". */
int token_read(struct token *, const struct token_keys *, struct str,
    struct arena *, struct fail *);

#endif
