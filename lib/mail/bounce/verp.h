/*
 * An envelope sender of its own for each recipient (VERP): a bounce that comes
 * back to it proves whom, and which mailing, it is about.
 */
#ifndef MAIL_BOUNCE_VERP_H
#define MAIL_BOUNCE_VERP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/fail.h"

#define VERP_TOKEN 32 /* characters of base32, lower case */
#define VERP_BYTES 20 /* of mailing, recipient and code */
#define VERP_MAILING 4
#define VERP_PERSON 8
#define VERP_KEY 64 /* bytes */

/* "bounce+%s@bounces.example.edu"; the parts are in the pattern. */
struct verp {
	struct str before, after; /* the token */
};

/*
 * SYSTEM unless the pattern has one %s, before the "@", and gives an address
 * whose local part has at most 64 bytes.
 */
int verp_parse(struct verp *, const char *pattern, struct fail *);

/*
 * Append the token: base32 of 4 bytes of SHA-256(email_id), 8 of SHA-256(key)
 * and 8 of HMAC-SHA-256(secret, email_id NUL key). key: the recipient key.
 */
void verp_token(struct buf *, const unsigned char secret[VERP_KEY],
    struct str email_id, struct str key);

/* Append the address with the token. */
void verp_address(struct buf *, const struct verp *,
    const unsigned char secret[VERP_KEY], struct str email_id, struct str key);

/*
 * The token of the first address of this form in a text, or an absent string;
 * NULL: of any address whose local part ends in "+" and a token.
 */
struct str verp_find(const struct verp *, struct str text);

/* True for an address of this form. */
bool verp_matches(const struct verp *, struct str address);

/* The bytes of a token in any case; false if it is none. */
bool verp_bytes(unsigned char out[VERP_BYTES], struct str token);

#endif
