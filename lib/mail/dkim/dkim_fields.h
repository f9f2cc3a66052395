/*
 * The header fields of a message (RFC 5322 2.2) as they are signed, and which
 * of them bm-sign signs.
 */
#ifndef MAIL_DKIM_DKIM_FIELDS_H
#define MAIL_DKIM_DKIM_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"
#include "base/str.h"

struct dkim_field {
	struct str name; /* without the blanks before its colon */
	struct str all;  /* with name and last CRLF */
};

struct dkim_fields {
	struct dkim_field *all; /* in the order of the message; in the arena */
	size_t count;
	struct str body; /* behind the empty line */
};

/*
 * Split a message with CRLF line ends. DATA for a header line that neither is
 * a field nor continues one.
 */
int dkim_fields_parse(
    struct dkim_fields *, struct str message, struct arena *, struct fail *);

/* The n-th field of a name from below, from 0 on; NULL: there are fewer. */
const struct dkim_field *dkim_fields_below(
    const struct dkim_fields *, struct str name, size_t n);

/*
 * The domain in From, in A-labels and lower case. DATA unless there is exactly
 * one From with exactly one address.
 */
int dkim_fields_from(struct str *domain, const struct dkim_fields *,
    struct arena *, struct fail *);

/*
 * Append the value of h= without folds: the names to sign, those that nobody
 * may add later once more than they are present (RFC 6376 8.15). ses leaves
 * out the fields that Amazon SES replaces.
 */
void dkim_fields_select(struct buf *, const struct dkim_fields *, bool ses);

#endif
