#include "mail/roster/course.h"

#include <stdint.h>

#include "base/utf8.h"
#include "mail/roster/roster_text.h"

#define SHOWN 100 /* bytes of an id in a message */

/* Unicode's White_Space that is no control character, and what has no width. */
static bool
is_blank(uint32_t cp)
{
	return cp == ' ' || cp == 0xA0 || cp == 0x1680 ||
	       (cp >= 0x2000 && cp <= 0x200A) || cp == 0x202F || cp == 0x205F ||
	       cp == 0x3000 || utf8_is_invisible(cp);
}

int
course_check_new_id(struct str id, struct fail *f)
{
	bool blank_end = false;
	size_t i = 0;

	if (roster_text_check("the course id", id, f) < 0)
		return -1;
	if (str_is(id, "*"))
		return fail_data(f,
		    "a course cannot have the id *, which is all mail in the "
		    "register of opt-outs");
	while (i < id.n) {
		bool first = i == 0,
		     blank = is_blank(utf8_next(id.p, id.n, &i));

		blank_end = blank_end || (blank && (first || i == id.n));
	}
	if (!blank_end)
		return 0;
	return fail_data(f,
	    "the course id \"%.*s\" has a blank at an end; write it without",
	    (int)utf8_cut(id, SHOWN), id.p);
}
