/*
 * Findings about a mailing before it is sent: what would arrive broken, as
 * "error: ...", and what readers, mail programs or providers dislike.
 */
#ifndef MAIL_MESSAGE_LINT_H
#define MAIL_MESSAGE_LINT_H

#include "base/str.h"
#include "mail/html/source.h"
#include "mail/message/composed.h"
#include "mail/message/lint_finding.h"

/* Check the source of a body, layout or partial. */
void lint_html(const struct source *, lint_finding_fn *, void *ctx);

/* Check one message; file and line are those of
 * its record. */
void lint_message(const struct composed *, const char *file, size_t line,
    lint_finding_fn *, void *ctx);

#endif
