/*
 * The From mailbox of a course's mail: "Title Course Staff" <address>, in the
 * words of the course's language.
 */
#ifndef MAIL_MIME_SENDER_H
#define MAIL_MIME_SENDER_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fail.h"

/* Amazon SES accepts this many bytes, with & < > " ' escaped as in HTML. */
#define SENDER_MAX 320

/* What stands before and behind the title; the name without a title. */
struct sender_words {
	const char *before, *behind, *alone;
};

/*
 * Append the display name for a course; title may be absent. If the title
 * makes the mailbox SENDER_MAX bytes or longer, the course's number replaces
 * it. DATA for a title with a line break or control character.
 */
int sender_display(struct buf *, struct str title, struct str course_id,
    struct str address, const struct sender_words *, struct fail *);

/*
 * The number in course-v1:ORG+NUMBER+RUN or ORG/NUMBER/RUN; any other id is
 * returned whole.
 */
struct str sender_course_number(struct str course_id);

/* True if the domain's owner forbids others to send in its name (DMARC). */
bool sender_is_foreign(struct str domain);

#endif
