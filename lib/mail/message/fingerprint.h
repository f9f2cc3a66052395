/*
 * The fingerprint of a mailing: two runs with the same one send the same.
 */
#ifndef MAIL_CONTENT_H
#define MAIL_CONTENT_H

#include "base/crypto.h"

#define CONTENT_HEX (2 * CRYPTO_SHA256) /* characters */

/*
 * SHA-256, in hexadecimal with a NUL, over the items in their order, each as
 * its length in decimal, LF, and its bytes. An absent item counts as empty.
 */
void content_hash(
    char hex[CONTENT_HEX + 1], const struct str *items, size_t count);

#endif
