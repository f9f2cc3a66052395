/*
 * Character references of HTML (WHATWG HTML 13.2.5.72), resolved as browsers
 * do it.
 */
#ifndef MAIL_HTML_HTML_REFERENCE_H
#define MAIL_HTML_HTML_REFERENCE_H

#include <stddef.h>

#include "base/buf.h"

/*
 * Append the reference "&name;" or "&#1;" that starts at p as numeric
 * references, which libxml2 reads correctly; return its length. 0, with
 * nothing appended, if no known reference starts there.
 */
size_t html_reference_put(struct buf *, const char *p, size_t n);

#endif
