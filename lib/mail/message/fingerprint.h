/*
 * The fingerprint of a mailing: runs with equal fingerprints send the same.
 */
#ifndef MAIL_MESSAGE_FINGERPRINT_H
#define MAIL_MESSAGE_FINGERPRINT_H

#include "base/crypto.h"

#define FINGERPRINT_HEX (2 * CRYPTO_SHA256) /* characters */

/*
 * SHA-256, in hexadecimal with a NUL, over the items in their order, each as
 * its length in decimal, LF, and its bytes. An absent item counts as empty.
 */
void fingerprint_make(
    char hex[FINGERPRINT_HEX + 1], const struct str *items, size_t count);

#endif
