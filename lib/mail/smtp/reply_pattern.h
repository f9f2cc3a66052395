/*
 * Patterns of words, for the rules about replies.
 */
#ifndef MAIL_SMTP_REPLY_PATTERN_H
#define MAIL_SMTP_REPLY_PATTERN_H

#include <stdbool.h>
#include <stdint.h>

/*
 * True if words, as of struct reply_text, match: alternatives separated by "|";
 * each is terms joined by "&", a "!" before a term denies it. A term is words:
 * "^" before the first ties it to the start, "*" ends a word with anything, "#"
 * is digits, "~" is up to four words.
 */
bool reply_pattern_matches(const char *words, const char *pattern);

/*
 * The same for many patterns and one text: the letters that its words begin
 * with, a bit each, are collected once, and tell at once that most terms do not
 * fit.
 */
uint32_t reply_pattern_initials(const char *words);
bool reply_pattern_fits(
    const char *words, uint32_t initials, const char *pattern);

#endif
