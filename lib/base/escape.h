/*
 * Escaping for HTML and XML: & < > " ' become character references, so that
 * the text can be content or the value of a quoted attribute.
 */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include "base/buf.h"

/* The reference of a character that must be escaped, or else NULL. */
const char *escape_reference(char c);

/* Append the escaped text. */
void escape_html(struct buf *, struct str);

#endif
