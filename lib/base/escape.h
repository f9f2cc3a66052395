/*
 * Text as HTML and XML write it: & < > " ' as character references, so that
 * it can stand between tags and in a quoted attribute.
 */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include "base/buf.h"

/* The reference for a character that must be escaped, else NULL. */
const char *escape_reference(char c);

void escape_html(struct buf *, struct str);

#endif
