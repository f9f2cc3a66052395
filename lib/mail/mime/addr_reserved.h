/*
 * Domains that no mail reaches from outside.
 */
#ifndef MAIL_MIME_ADDR_RESERVED_H
#define MAIL_MIME_ADDR_RESERVED_H

#include "base/fail.h"
#include "base/str.h"

/*
 * DATA for a domain of documentation and tests (RFC 2606, RFC 6761) and for
 * one of a private network or without addresses (.local, .onion, .arpa ...).
 * The domain is in lower case.
 */
int addr_reserved_check(struct str domain, struct fail *);

#endif
