/*
 * Character references of HTML (WHATWG HTML 13.2.5.72), resolved as browsers
 * do it.
 */
#ifndef MAIL_HTML_HTML_REFERENCE_H
#define MAIL_HTML_HTML_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * Append the reference "&name;", "&#1;", or one of the old names that need no
 * semicolon, at p as numeric references, which libxml2 reads correctly; return
 * its length. 0, with nothing appended, if no known reference starts there. In
 * an attribute "&copy=" and "&copyx" are none.
 */
size_t html_reference_put(
    struct buf *, const char *p, size_t n, bool in_attribute);

#endif
