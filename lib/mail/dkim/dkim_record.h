/*
 * The DNS record of a key, "v=DKIM1; k=rsa; p=..." (RFC 6376 3.6.1, 8463 4).
 */
#ifndef MAIL_DKIM_DKIM_RECORD_H
#define MAIL_DKIM_DKIM_RECORD_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/crypto_key.h"
#include "base/fail.h"

struct dkim_record {
	struct crypto_key *key; /* NULL: revoked (p= is empty) */
	bool testing;           /* t=y */
	bool strict;            /* t=s: i= is of d= itself */
};

/* Append the name SELECTOR._domainkey.DOMAIN, without a final dot. */
void dkim_record_put_name(struct buf *, struct str selector, struct str domain);

/* Append the record as a single string. */
void dkim_record_put(struct buf *, const struct crypto_key *);

/* Append a line of a zone file (RFC 1035 5.1); its strings have 255 bytes. */
void dkim_record_put_zone(struct buf *, struct str name, struct str record);

/*
 * Read a record; the caller calls dkim_record_free(). DATA if it is malformed,
 * or not for rsa-sha256 and ed25519-sha256 signatures of mail.
 */
int dkim_record_parse(
    struct dkim_record *, struct str text, struct arena *, struct fail *);
void dkim_record_free(struct dkim_record *);

#endif
