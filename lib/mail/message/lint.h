/*
 * Findings about a mailing before it is sent: no errors, but things that
 * readers, mail programs or providers dislike.
 */
#ifndef MAIL_MESSAGE_LINT_H
#define MAIL_MESSAGE_LINT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "mail/html/source.h"
#include "mail/message/composed.h"

/* Takes a finding; false: stop looking for more. */
typedef bool lint_fn(
    void *ctx, const char *file, size_t line, const char *text);

/* Check the source of a body, layout or partial. */
void lint_html(const struct source *, lint_fn *, void *ctx);

/* Check one message; file and line are those of its record. */
void lint_message(const struct composed *, const char *file, size_t line,
    lint_fn *, void *ctx);

#endif
