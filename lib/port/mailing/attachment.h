/*
 * Attached files and inline images of a mailing.
 */
#ifndef PORT_MAILING_ATTACHMENT_H
#define PORT_MAILING_ATTACHMENT_H

#include "port/mailing/mailing.h"

#define ATTACHMENT_MAX (64 * 1024 * 1024) /* bytes in a file */

struct attachments;

/*
 * Read the files whose paths have no tags, and the body's local images when
 * paths->images is set: their src in body becomes a cid: address. SYSTEM.
 */
int attachment_open(struct attachments **, const struct mailing_paths *,
    struct source *body, struct arena *, struct fail *);
void attachment_close(struct attachments *);

/* Names and bytes of what was read, for the mailing's fingerprint. */
size_t attachment_content(const struct attachments *, const struct str **);

void attachment_fill(struct attachments *, struct compose_params *);

#endif
