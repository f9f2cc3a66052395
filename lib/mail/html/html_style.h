/*
 * The value of a style attribute in one spelling.
 */
#ifndef MAIL_HTML_HTML_STYLE_H
#define MAIL_HTML_HTML_STYLE_H

#include "base/buf.h"

/*
 * Append "name: value; ..." in lower case with references, comments and
 * escapes resolved, and a NUL behind it, which is not counted. A ";" within
 * quotes or brackets becomes a comma; other white space than blanks, a blank.
 */
void html_style_plain(struct buf *, struct str value);

#endif
