/*
 * Characters that look like others in the local part of an address.
 */
#ifndef MAIL_MIME_ADDR_LOOK_H
#define MAIL_MIME_ADDR_LOOK_H

#include "base/fail.h"
#include "base/str.h"

/*
 * DATA, with the likely meaning, for a character that normalization (NFC)
 * makes one of ASCII, for a typographic apostrophe, quote or hyphen, for a
 * character of full width, and for a Greek or Cyrillic letter that looks like
 * the Latin one among Latin letters. The text is valid UTF-8.
 */
int addr_look_check(struct str local, struct fail *);

#endif
