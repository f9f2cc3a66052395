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

uint32_t
reply_pattern_initials(const char *words)
{
	uint32_t set = 0;

	for (const char *p = words; *p != '\0'; p++) {
		if (p[0] == ' ' && p[1] >= 'a' && p[1] <= 'z')
			set |= UINT32_C(1) << (p[1] - 'a');
	}
	return set;
}

static bool
has_term(const char *words, uint32_t initials, const char *q, const char *end)
{
	bool denied = q < end && *q == '!', first;
	const char *p;
	char initial;

	q += denied;
	first = q < end && *q == '^';
	q += first;
	initial = q < end && *q >= 'a' && *q <= 'z' ? *q : '\0';
	if (initial != '\0' && (initials & UINT32_C(1) << (initial - 'a')) == 0)
		return denied;
	for (p = words; *p != '\0' && p[1] != '\0'; p = strchrnul(p + 1, ' ')) {
		if ((initial == '\0' || p[1] == initial) &&
		    match_words(p + 1, q, end))
			return !denied;
		if (first)
			break;
	}
	return denied;
}

bool
reply_pattern_fits(const char *words, uint32_t initials, const char *pattern)
{
	const char *end;
	bool all = true;

	for (;; pattern = end + 1) {
		end = pattern + strcspn(pattern, "|&");
		all = all && has_term(words, initials, pattern, end);
		if (*end != '&' && all)
			return true;
		if (*end == '|')
			all = true;
		if (*end == '\0')
			return false;
	}
}

bool
reply_pattern_matches(const char *words, const char *pattern)
{
	return reply_pattern_fits(
	    words, reply_pattern_initials(words), pattern);
}
