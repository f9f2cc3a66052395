/*
 * What to look at before a mailing is sent: not errors, but what readers,
 * mail programs and providers do not take well.
 */
#ifndef MAIL_MESSAGE_LINT_H
#define MAIL_MESSAGE_LINT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "mail/html/source.h"
#include "mail/message/composed.h"

/* A finding; false: no more of them are wanted. */
typedef bool lint_fn(
    void *ctx, const char *file, size_t line, const char *text);

/* The source of a body, layout or partial. */
void lint_html(const struct source *, lint_fn *, void *ctx);

/* One message as it came out; file and line are the record's. */
void lint_message(const struct composed *, const char *file, size_t line,
    lint_fn *, void *ctx);

#endif
