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

static bool
has_term(const char *words, const char *q, const char *end)
{
	bool denied = q < end && *q == '!', first;
	const char *p;

	q += denied;
	first = q < end && *q == '^';
	q += first;
	for (p = words; *p != '\0' && p[1] != '\0'; p = strchrnul(p + 1, ' ')) {
		if (match_words(p + 1, q, end))
			return !denied;
		if (first)
			break;
	}
	return denied;
}

bool
reply_pattern_matches(const char *words, const char *pattern)
{
	const char *end;
	bool all = true;

	for (;; pattern = end + 1) {
		end = pattern + strcspn(pattern, "|&");
		all = all && has_term(words, pattern, end);
		if (*end != '&' && all)
			return true;
		if (*end == '|')
			all = true;
		if (*end == '\0')
			return false;
	}
}
