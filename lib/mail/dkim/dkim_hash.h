/*
 * The hash that is signed: the fields of h= and the DKIM-Signature itself
 * (RFC 6376 3.7).
 */
#ifndef MAIL_DKIM_DKIM_HASH_H
#define MAIL_DKIM_DKIM_HASH_H

#include "base/arena.h"
#include "base/crypto.h"
#include "mail/dkim/dkim_canon.h"
#include "mail/dkim/dkim_fields.h"

/* Append the fields that a list of names selects, canonical, each with CRLF. */
void dkim_hash_put_fields(struct buf *, enum dkim_canon,
    const struct dkim_fields *, struct str names, struct arena *);

/* The hash of these and of a DKIM-Signature field whose b= is empty. */
void dkim_hash_signature(unsigned char out[CRYPTO_SHA256], enum dkim_canon,
    struct str fields, struct str signature);

#endif
