/*
 * The kind of a failure, from the codes and words of a report.
 */
#ifndef MAIL_BOUNCE_BOUNCE_CLASS_H
#define MAIL_BOUNCE_BOUNCE_CLASS_H

#include "base/arena.h"
#include "mail/bounce/bounce_kind.h"

/* Where the words of a failure stand. */
struct bounce_words {
	struct str status; /* as a report's field Status, or empty */
	struct str text;   /* what a server said, or a mailer writes of it */
	struct str sender, recipient; /* of the message; may be empty */
};

/* Set kind, matter, status, code and text of a failure. */
void bounce_class_read(
    struct bounce *, const struct bounce_words *, struct arena *);

#endif
