/*
 * Signing a message: the DKIM-Signature fields that stand before it (RFC 6376
 * 5, RFC 8463). relaxed/relaxed, the whole body.
 */
#ifndef MAIL_DKIM_DKIM_SIGN_H
#define MAIL_DKIM_DKIM_SIGN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/crypto_key.h"
#include "base/fail.h"

struct dkim_signer {
	struct str selector;
	struct crypto_key *key;
};

struct dkim_sign_params {
	const struct dkim_signer *signers; /* in the order of their fields */
	size_t count;
	struct str domain; /* d=, in A-labels; absent: From's domain */
	int64_t now;       /* seconds since 1970 */
	int64_t lifetime;  /* seconds until x=; 0: without x= */
	bool ses;          /* Amazon SES replaces Date and Message-ID */
};

/*
 * Append the fields for a message with CRLF line ends. DATA if a line of its
 * header is no field, unless it has one From with one address in the domain,
 * or if it has a signature that one of the signers would make; SES takes no
 * message that has any.
 */
int dkim_sign(struct buf *, const struct dkim_sign_params *, struct str message,
    struct arena *, struct fail *);

#endif
