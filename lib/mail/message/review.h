/*
 * A mailing before it is sent: the findings of lint.h, each once, and a page
 * that shows the messages to some recipients.
 */
#ifndef MAIL_MESSAGE_REVIEW_H
#define MAIL_MESSAGE_REVIEW_H

#include <stddef.h>

#include "base/buf.h"
#include "mail/html/source.h"
#include "mail/message/compose_params.h"
#include "mail/message/composed.h"

struct review;

/* samples: the number of messages that the page shows. */
struct review *review_new(size_t samples);
void review_free(struct review *);

/* Check the source of a body, layout or partial; ctx is the review. */
void review_source(void *ctx, const struct source *);

/* Check a message; file and line are its record's. params: its images. */
void review_message(struct review *, const struct composed *,
    const struct compose_params *, const char *file, size_t line);

/* Append the findings as lines "FILE:LINE: text"; returns their number. */
size_t review_findings(const struct review *, struct buf *);

/* How many of them must not go out. */
size_t review_errors(const struct review *);

/* Append the page: self-contained HTML that loads nothing. */
void review_page(const struct review *, struct str email_id, struct buf *);

#endif
