#include "mail/keyword.h"

#include <string.h>

static const struct {
	const char *word, *tag;
} words[] = {
    {"%%USER_FULLNAME%%", "{{name}}"},
    {"%%COURSE_DISPLAY_NAME%%", "{{course_title}}"},
    {"%%USER_ID%%", "{{user_id}}"},
    {"%%COURSE_END_DATE%%", "{{course_end_date}}"},
};

/* The length of the word that s begins with, its tag appended; or 0. */
static size_t
expand_one(struct buf *b, struct str s)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (str_starts(s, words[i].word)) {
			buf_adds(b, words[i].tag);
			return strlen(words[i].word);
		}
	}
	return 0;
}

void
keyword_expand(struct buf *b, struct str s)
{
	const char *p;

	while ((p = memmem(s.p, s.n, "%%", 2)) != NULL) {
		size_t n;

		buf_add(b, s.p, (size_t)(p - s.p));
		s = (struct str){p, s.n - (size_t)(p - s.p)};
		n = expand_one(b, s);
		if (n == 0) {
			buf_addc(b, '%');
			n = 1;
		}
		s = (struct str){s.p + n, s.n - n};
	}
	buf_addstr(b, s);
}
