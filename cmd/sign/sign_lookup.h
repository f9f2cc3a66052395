/*
 * The record of a key, fetched from the DNS.
 */
#ifndef CMD_SIGN_SIGN_LOOKUP_H
#define CMD_SIGN_SIGN_LOOKUP_H

#include "mail/dkim/dkim_record.h"

/*
 * DATA if there is no record, more than one, or a malformed one; TEMP if no
 * name server answers. dkim_record_free() after 0.
 */
int sign_lookup_key(struct dkim_record *, struct str selector,
    struct str domain, struct arena *, struct fail *);

/*
 * The only TXT record of a name that begins with a version such as "v=spf1",
 * in the arena; absent if there is none. DATA if there are several, TEMP.
 */
int sign_lookup_policy(struct str *, const char *name, const char *version,
    struct arena *, struct fail *);

#endif
