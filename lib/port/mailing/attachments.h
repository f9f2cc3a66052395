/*
 * Attached files and inline images of a mailing.
 */
#ifndef PORT_MAILING_ATTACHMENTS_H
#define PORT_MAILING_ATTACHMENTS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/fail.h"
#include "mail/html/source.h"
#include "mail/message/compose_params.h"
#include "port/mailing/mailing_paths.h"

#define ATTACHMENTS_FILE_MAX (64 * 1024 * 1024) /* bytes in a file */

struct attachments;

/*
 * Read the files whose paths have no tags. SYSTEM; *out is to be freed even
 * then. The arena must outlive the attachments.
 */
int attachments_new(struct attachments **out, const struct mailing_paths *,
    struct arena *, struct fail *);
void attachments_free(struct attachments *);

/*
 * Make the pictures of a source parts of the message: those in data: addresses
 * and the attachments that it shows as "cid:NAME"; with files also those
 * beneath the folder of the source. Their addresses become those of the parts.
 * SYSTEM "NAME:LINE: reason".
 */
int attachments_inline(
    struct attachments *, struct source *, bool files, struct fail *);

/* Names and bytes of the files read, for the mailing's fingerprint. */
size_t attachments_content(const struct attachments *, const struct str **);

/* Point the params at the images and at the function that attaches files. */
void attachments_fill(struct attachments *, struct compose_params *);

#endif
