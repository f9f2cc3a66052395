/*
 * TXT records, by the system's resolver (resolv.conf(5)).
 */
#ifndef PORT_DNS_DNS_H
#define PORT_DNS_DNS_H

#include <stddef.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/str.h"

#define DNS_TEXTS_MAX 64

struct dns_texts {
	struct str all[DNS_TEXTS_MAX]; /* in the arena, their strings joined */
	size_t count;                  /* 0: the name has no TXT record */
};

/*
 * The TXT records of a name; aliases are followed. TEMP if no name server
 * answers, or answers with a failure.
 */
int dns_texts(
    struct dns_texts *, const char *name, struct arena *, struct fail *);

#endif
