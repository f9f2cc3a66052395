/*
 * Plain text to HTML: paragraphs, line breaks, lists and links are kept.
 */
#ifndef MAIL_HTML_PLAIN_H
#define MAIL_HTML_PLAIN_H

#include "base/buf.h"
#include "base/fail.h"

/*
 * Append the HTML. Template tags stay as written, but for {{{x}}} and {{&x}},
 * which become {{x}}: a value is text here. DATA "LINE: reason" for a tag that
 * sets other delimiters.
 */
int plain_to_html(struct buf *, struct str source, struct fail *);

#endif
