/*
 * A line of plain text as HTML: escaped, with links and blanks kept.
 */
#ifndef MAIL_HTML_PLAIN_INLINE_H
#define MAIL_HTML_PLAIN_INLINE_H

#include <stddef.h>

#include "base/buf.h"

/* Length of the template tag {{...}} that starts at p; 0 if none does. */
size_t plain_inline_tag(const char *p, size_t n);

/*
 * Append the line: bare addresses of the web and of mail become links, as do
 * the tags of optout_url and course_url; of several blanks all but the last
 * do not collapse.
 */
void plain_inline_put(struct buf *, struct str line);

#endif
