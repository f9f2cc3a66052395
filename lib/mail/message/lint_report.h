/*
 * Inside of lint: the source that is checked, and how a finding is reported.
 */
#ifndef MAIL_MESSAGE_LINT_REPORT_H
#define MAIL_MESSAGE_LINT_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "mail/html/source.h"
#include "mail/message/lint_finding.h"

struct lint {
	const struct source *source;
	struct str html; /* its bytes */
	lint_finding_fn *report;
	void *ctx;
	bool full;
};

/* Report what stands at an offset of the HTML. */
void lint_report(struct lint *, size_t at, const char *text);

/* The same with the words themselves: "text: words". */
void lint_report_words(
    struct lint *, size_t at, const char *text, struct str words);

#endif
