/*
 * A DKIM-Signature of a message, read and verified (RFC 6376 6, RFC 8301,
 * RFC 8463).
 */
#ifndef MAIL_DKIM_DKIM_SIGNATURE_H
#define MAIL_DKIM_DKIM_SIGNATURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/crypto_key.h"
#include "base/fail.h"
#include "mail/dkim/dkim_canon.h"
#include "mail/dkim/dkim_fields.h"
#include "mail/dkim/dkim_record.h"

#define DKIM_SIGNATURE_WEAK 1024 /* bits: an RSA key below is no key */

struct dkim_signature {
	/* As written; absent if the field has no such tag. */
	struct str domain, selector, algorithm;
	enum crypto_key_type type;
	enum dkim_canon header, body;
	struct str names;           /* h= */
	struct str identity;        /* the domain of i=, or d= */
	int64_t limit;              /* l=, bytes; -1: the whole body */
	int64_t expires;            /* x=, seconds since 1970; 0: never */
	struct str hash, signature; /* bytes */
	struct str unsigned_field;  /* with an empty b= */
};

/*
 * Read a field; all is borrowed from it or in the arena. DATA if it is
 * malformed or of an algorithm that nobody may trust; domain, selector and
 * algorithm are set as far as they could be read.
 */
int dkim_signature_parse(struct dkim_signature *, const struct dkim_field *,
    struct arena *, struct fail *);

/*
 * 0 if the signature is valid for a message at a time, in seconds since 1970.
 * DATA says why it is not.
 */
int dkim_signature_verify(const struct dkim_signature *,
    const struct dkim_fields *, const struct dkim_record *, int64_t now,
    struct arena *, struct fail *);

#endif
