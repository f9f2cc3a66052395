/*
 * Opt-out tokens: a recipient and a course, encrypted and authenticated (AES-
 * SIV, RFC 5297). Deterministic: the same recipient and course always give the
 * same token of a kind, and the seal covers the kind as its associated data.
 */
#ifndef MAIL_OPTOUT_TOKEN_H
#define MAIL_OPTOUT_TOKEN_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/crypto.h"
#include "base/fail.h"

#define TOKEN_MAX 720 /* characters */

/* True for the characters of base64url (RFC 4648 5): those of a token. */
bool token_is_char(char);

struct token_key {
	unsigned char id;
	unsigned char bytes[CRYPTO_SIV_KEY];
};

/* The first key makes new tokens; tokens of all keys are valid. */
struct token_keys {
	struct token_key *keys;
	size_t count;
};

enum token_kind {
	TOKEN_LINK,
	TOKEN_TEST, /* of a test message: it changes nothing */
};

struct token {
	struct str key;     /* recipient key */
	struct str user_id; /* may be empty */
	struct str course_id;
	enum token_kind kind;
};

/*
 * Parse a key file into the arena: lines "ID base64(64 bytes)", ID 0-255;
 * empty lines and lines that begin with "#" are ignored. SYSTEM.
 */
int token_keys_parse(
    struct token_keys *, struct str text, struct arena *, struct fail *);

/* Append the token. DATA: a part is missing, has a NUL, or is too long. */
int token_make(struct buf *, const struct token_keys *, const struct token *,
    struct fail *);

/* Of any kind. Strings are in the arena. Any defect gives DATA "not a valid
 * token". */
int token_read(struct token *, const struct token_keys *, struct str,
    struct arena *, struct fail *);

#endif
