/*
 * The keywords that Open edX replaces in the body of a course mail.
 */
#ifndef MAIL_MESSAGE_KEYWORD_H
#define MAIL_MESSAGE_KEYWORD_H

#include "base/buf.h"

/*
 * Append the source with %%USER_FULLNAME%%, %%COURSE_DISPLAY_NAME%%,
 * %%USER_ID%% and %%COURSE_END_DATE%% written as the tags {{name}},
 * {{course_title}}, {{user_id}} and {{course_end_date}}. Other %%WORDS%% stay.
 */
void keyword_expand(struct buf *, struct str source);

/* The length of the keyword at the beginning of the text, or 0. */
size_t keyword_length(struct str);

#endif
