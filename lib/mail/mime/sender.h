/*
 * Who a course mail is from: "Title Course Staff" <address>.
 */
#ifndef MAIL_MIME_SENDER_H
#define MAIL_MIME_SENDER_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fail.h"

/* What Amazon SES takes, counted with & < > " ' escaped as in HTML. */
#define SENDER_MAX 320

/*
 * Append the display name for a course; title may be absent. A title that
 * would make the mailbox SENDER_MAX long or longer gives way to the course's
 * number. DATA for a title with a line break or control character.
 */
int sender_display(struct buf *, struct str title, struct str course_id,
    struct str address, struct fail *);

/* The number of a course: course-v1:ORG+NUMBER+RUN, ORG/NUMBER/RUN, or all. */
struct str sender_course_number(struct str course_id);

/* A domain whose owner forbids others to send in its name (DMARC). */
bool sender_is_foreign(struct str domain);

#endif
