/*
 * The names in a signature: selectors and domains (RFC 6376 3.1, 3.5).
 */
#ifndef MAIL_DKIM_DKIM_NAME_H
#define MAIL_DKIM_DKIM_NAME_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/str.h"

/* DATA unless the text is labels of letters, digits, "-" and "_". */
int dkim_name_check_selector(struct str, struct fail *);

/*
 * A domain in A-labels and lower case, in the arena. DATA if it is malformed
 * or without a dot: a single label is a registry's and nobody's own.
 */
int dkim_name_parse_domain(
    struct str *, struct str text, struct arena *, struct fail *);

/* True if d is the domain or a parent of it. Case does not matter. */
bool dkim_name_covers(struct str d, struct str domain);

#endif
