/*
 * The named character references of HTML (WHATWG HTML 13.5).
 */
#ifndef MAIL_HTML_HTML_NAMES_H
#define MAIL_HTML_HTML_NAMES_H

#include "base/str.h"

/*
 * The code points of &name; as hexadecimal numbers joined by "+"; p == NULL
 * for an unknown name. Only names that end in a semicolon are known.
 */
struct str html_names_find(struct str name);

#endif
