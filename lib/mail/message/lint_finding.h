/*
 * Where the findings of lint.h go.
 */
#ifndef MAIL_MESSAGE_LINT_FINDING_H
#define MAIL_MESSAGE_LINT_FINDING_H

#include <stdbool.h>
#include <stddef.h>

/* Takes a finding; false: stop looking for more. */
typedef bool lint_finding_fn(
    void *ctx, const char *file, size_t line, const char *text);

#endif
