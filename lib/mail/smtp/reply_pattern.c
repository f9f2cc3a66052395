#include "mail/smtp/reply_pattern.h"

#include <string.h>

#include "base/ascii.h"

#define GAP 4 /* words that "~" passes over */

/* The pattern's words from q to end against the words at p. */
static bool
match_words(const char *p, const char *q, const char *end)
{
	int i;

	for (; q < end; q++) {
		if (*q == '~') {
			q += 2;
			for (i = 0; i <= GAP && *p != '\0'; i++) {
				if (match_words(p, q, end))
					return true;
				p = strchrnul(p, ' ');
				p += *p == ' ';
			}
			return false;
		}
		if (*q == '*') {
			p = strchrnul(p, ' ');
		} else if (*q == '#') {
			if (!ascii_is_digit(*p))
				return false;
			while (ascii_is_digit(*p))
				p++;
		} else if (*q != *p++) {
			return false;
		}
	}
	return *p == ' ';
}

/* The first two letters of a word, or a letter and the blank behind it. */
static unsigned
hash_start(char first, char second)
{
	return ((unsigned char)first * 37u + (unsigned char)second) %
	       REPLY_PATTERN_STARTS;
}

void
reply_pattern_read(struct reply_pattern_words *w, const char *text)
{
	*w = (struct reply_pattern_words){.text = text};
	for (const char *p = text; p[0] != '\0'; p = strchrnul(p + 1, ' ')) {
		unsigned h;

		if (p[1] == '\0')
			break;
		h = hash_start(p[1], p[2]);
		w->starts[h / 64] |= UINT64_C(1) << (h % 64);
	}
}

/* False: no word begins as the term at q does. */
static bool
may_fit(const struct reply_pattern_words *w, const char *q)
{
	char second;
	unsigned h;

	if (*q == '!')
		return true;
	q += *q == '^';
	if (q[0] == '#' || q[0] == '~' || q[0] == '\0')
		return true;
	second = q[1];
	if (second == '*' || second == '#')
		return true;
	if (second == '|' || second == '&' || second == '\0')
		second = ' ';
	h = hash_start(q[0], second);
	return (w->starts[h / 64] >> (h % 64) & 1) != 0;
}

static bool
has_term(const char *words, const char *q, const char *end)
{
	bool denied = q < end && *q == '!', first;
	const char *p;

	q += denied;
	first = q < end && *q == '^';
	q += first;
	for (p = words; *p != '\0' && p[1] != '\0'; p = strchrnul(p + 1, ' ')) {
		if ((p[1] == *q || *q == '#' || *q == '~') &&
		    match_words(p + 1, q, end))
			return !denied;
		if (first)
			break;
	}
	return denied;
}

bool
reply_pattern_fits(const struct reply_pattern_words *w, const char *pattern)
{
	for (;;) {
		const char *end = pattern;

		if (may_fit(w, pattern)) {
			end += strcspn(pattern, "|&");
			if (has_term(w->text, pattern, end)) {
				if (*end != '&')
					return true;
				pattern = end + 1;
				continue;
			}
		}
		end = strchrnul(end, '|');
		if (*end == '\0')
			return false;
		pattern = end + 1;
	}
}

bool
reply_pattern_matches(const char *words, const char *pattern)
{
	struct reply_pattern_words w;

	reply_pattern_read(&w, words);
	return reply_pattern_fits(&w, pattern);
}
