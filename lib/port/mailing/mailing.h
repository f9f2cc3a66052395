/*
 * The files of a mailing, read: body, layout, partials, attachments, images.
 */
#ifndef PORT_MAILING_MAILING_H
#define PORT_MAILING_MAILING_H

#include "base/fail.h"
#include "mail/html/source.h"
#include "mail/message/compose_params.h"
#include "port/mailing/mailing_paths.h"

struct mailing;

/* Read everything. SYSTEM with file, line and reason. */
int mailing_new(struct mailing **, const struct mailing_paths *, struct fail *);
void mailing_free(struct mailing *);

/* Point the params at the content, which lives until mailing_free(). */
void mailing_fill(struct mailing *, struct compose_params *);

/* Call fn with each HTML file of the author: body, layout, partials. */
void mailing_sources(const struct mailing *,
    void (*fn)(void *ctx, const struct source *), void *ctx);

#endif
