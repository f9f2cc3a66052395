/*
 * Looking at a mailing before it is sent: findings of the lint, each once,
 * and a page that shows the messages to some recipients.
 */
#ifndef MAIL_MESSAGE_REVIEW_H
#define MAIL_MESSAGE_REVIEW_H

#include <stddef.h>

#include "base/buf.h"
#include "mail/html/source.h"
#include "mail/message/compose_params.h"
#include "mail/message/composed.h"

struct review;

/* samples: how many messages the page shows. */
struct review *review_new(size_t samples);
void review_free(struct review *);

/* The source of a body, layout or partial. */
void review_source(void *review, const struct source *);

/* A message; file and line are its record's. images as in its HTML. */
void review_message(struct review *, const struct composed *,
    const struct compose_params *, const char *file, size_t line);

/* How many findings there are; append them as lines "FILE:LINE: text". */
size_t review_findings(const struct review *, struct buf *);

/* Append the page: self-contained HTML that loads nothing. */
void review_page(const struct review *, struct str email_id, struct buf *);

#endif
