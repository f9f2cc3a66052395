#include "mail/message/keyword.h"

#include <string.h>

static const struct {
	const char *word, *tag;
} keywords[] = {
    {"%%USER_FULLNAME%%", "{{name}}"},
    {"%%COURSE_DISPLAY_NAME%%", "{{course_title}}"},
    {"%%USER_ID%%", "{{user_id}}"},
    {"%%COURSE_END_DATE%%", "{{course_end_date}}"},
};

static size_t
find_keyword(struct str s, const char **tag)
{
	size_t i;

	for (i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		if (str_starts(s, keywords[i].word)) {
			*tag = keywords[i].tag;
			return strlen(keywords[i].word);
		}
	}
	return 0;
}

size_t
keyword_length(struct str s)
{
	const char *tag;

	return find_keyword(s, &tag);
}

void
keyword_expand(struct buf *b, struct str s)
{
	const char *p;

	while ((p = memmem(s.p, s.n, "%%", 2)) != NULL) {
		const char *tag = "%";
		size_t n;

		buf_add(b, s.p, (size_t)(p - s.p));
		s = (struct str){p, s.n - (size_t)(p - s.p)};
		n = find_keyword(s, &tag);
		buf_adds(b, tag);
		n += n == 0;
		s = (struct str){s.p + n, s.n - n};
	}
	buf_addstr(b, s);
}
