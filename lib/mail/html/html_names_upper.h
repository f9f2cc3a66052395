/*
 * The named character references that begin with a capital letter.
 */
#ifndef MAIL_HTML_HTML_NAMES_UPPER_H
#define MAIL_HTML_HTML_NAMES_UPPER_H

/*
 * For each first letter " REST:CODE REST:CODE ... ": the rest of the name and
 * its code points as hexadecimal numbers joined by "+". NULL for others.
 */
extern const char *const html_names_upper['Z' + 1];

#endif
