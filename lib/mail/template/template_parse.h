/*
 * The compiler: from the source of a template to its program.
 */
#ifndef MAIL_TEMPLATE_TEMPLATE_PARSE_H
#define MAIL_TEMPLATE_TEMPLATE_PARSE_H

#include "base/fail.h"
#include "base/str.h"
#include "mail/template/template.h"

struct template_params {
	const char *name; /* for messages: a file's name or "subject" */
	/*
	 * The template that this source was made from (the Markdown of a
	 * body), or NULL: messages give the tag's position in the original,
	 * which must outlive this template.
	 */
	const struct template *original;
	enum template_context context;
	struct template_rules rules;
};

/*
 * Compile a source and the partials that it calls; free the result with
 * template_free(). SYSTEM "NAME:LINE:COLUMN: reason" for invalid Mustache, and
 * *out is NULL.
 */
int template_parse(struct template **out, struct str source,
    const struct template_params *, struct fail *);

#endif
