/*
 * Inside of compose: relative links and pictures become absolute.
 */
#ifndef MAIL_MESSAGE_COMPOSE_LINKS_H
#define MAIL_MESSAGE_COMPOSE_LINKS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

/*
 * Append the HTML with its relative links and pictures resolved against the
 * base (RFC 3986, 5.2), "#place" aside; the rest of the HTML stays. False,
 * with nothing appended, if the HTML has none.
 */
bool compose_links_resolve(struct buf *, struct str html, struct str base);

#endif
