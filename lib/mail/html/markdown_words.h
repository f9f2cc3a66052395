/*
 * What Markdown must not touch: template tags and comments become words of
 * letters and digits, and are put back into the HTML.
 */
#ifndef MAIL_HTML_MARKDOWN_WORDS_H
#define MAIL_HTML_MARKDOWN_WORDS_H

#include "base/buf.h"

struct markdown_word;

struct markdown_words {
	char prefix[24];
	struct markdown_word *items;
	size_t count, cap;
	struct map *tags; /* to the numbers of their words, from 1 */
};

/*
 * Append the source with words in place of what is hidden. The source must
 * outlive the words.
 */
void markdown_words_hide(
    struct markdown_words *, struct buf *out, struct str source);

/*
 * Append what the word, or the comment of a word, that starts s stands for;
 * the length of the word, or 0 if none starts there.
 */
size_t markdown_words_restore(
    const struct markdown_words *, struct buf *out, struct str s);

void markdown_words_free(struct markdown_words *);

#endif
