/*
 * The words that Open edX replaces in a course mail's body.
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

/* The length of the keyword that the text begins with; 0: of none. */
size_t keyword_length(struct str);

#endif
