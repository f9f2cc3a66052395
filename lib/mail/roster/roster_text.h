/*
 * Texts of a roster that later stand in a header field or in a record.
 */
#ifndef MAIL_ROSTER_ROSTER_TEXT_H
#define MAIL_ROSTER_ROSTER_TEXT_H

#include "base/fail.h"
#include "base/str.h"

/*
 * DATA if the text is not UTF-8 or has a line break or another control
 * character; the message begins with the name.
 */
int roster_text_check(const char *name, struct str, struct fail *);

#endif
