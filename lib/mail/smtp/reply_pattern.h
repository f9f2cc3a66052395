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

#define REPLY_PATTERN_STARTS 1024

/*
 * The same for many patterns and one text: how its words begin, two letters
 * each, is collected once as a set of bits, and tells at once that most terms
 * do not fit. The text is borrowed.
 */
struct reply_pattern_words {
	const char *text;
	uint64_t starts[REPLY_PATTERN_STARTS / 64];
};

void reply_pattern_read(struct reply_pattern_words *, const char *text);
bool reply_pattern_fits(
    const struct reply_pattern_words *, const char *pattern);

#endif
