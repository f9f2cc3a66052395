/*
 * The targets of links.
 */
#ifndef MAIL_TEXT_TEXT_TARGET_H
#define MAIL_TEXT_TEXT_TARGET_H

#include "mail/text/text_job.h"

/*
 * The target to show for an href, resolved against the job's base (RFC 3986
 * section 5.2), held by the job's arena; p == NULL if none is to be shown.
 */
struct str text_target(struct text_job *, struct str href);

/*
 * Append a relative reference resolved against an absolute base (RFC 3986,
 * 5.2). False, with nothing appended, if the base has no //.
 */
bool text_target_resolve(struct buf *, struct str base, struct str ref);

/* True if the target only repeats the text of its link. */
bool text_target_repeats(struct str target, struct str text);

#endif
