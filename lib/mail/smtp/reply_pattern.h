/*
 * Patterns of words, for the rules about replies.
 */
#ifndef MAIL_SMTP_REPLY_PATTERN_H
#define MAIL_SMTP_REPLY_PATTERN_H

#include <stdbool.h>

/*
 * True if words, as of struct reply_text, match: alternatives separated by "|";
 * each is terms joined by "&", a "!" before a term denies it. A term is words:
 * "^" before the first ties it to the start, "*" ends a word with anything, "#"
 * is digits, "~" is up to four words.
 */
bool reply_pattern_matches(const char *words, const char *pattern);

#endif
