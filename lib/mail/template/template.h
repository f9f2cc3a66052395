/*
 * Mustache templates (the published spec without lambdas and inheritance),
 * compiled once and rendered for each record in a single pass.
 */
#ifndef MAIL_TEMPLATE_TEMPLATE_H
#define MAIL_TEMPLATE_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"
#include "base/json.h"

struct template;

enum template_context {
	TEMPLATE_HTML,  /* escapes by place: text, attribute, URL attribute */
	TEMPLATE_TEXT,  /* literal */
	TEMPLATE_PLAIN, /* the spec's own rule: {{x}} is HTML-escaped */
};

enum template_missing {
	TEMPLATE_MISSING_ERROR, /* a field that nothing supplies is DATA */
	TEMPLATE_MISSING_EMPTY,
};

/* A partial. */
struct template_source {
	struct str bytes; /* p == NULL: there is none */
	const char *name; /* for messages; NULL: the partial's own */
	const struct template *original; /* as in template_params */
};

struct template_params {
	const char *name; /* for messages: a file's name or "subject" */
	/*
	 * The source was made from this one, of Markdown, say: messages tell
	 * where the same tag stands in that. Or NULL. Must live on.
	 */
	const struct template *original;
	enum template_context context;
	enum template_missing missing;
	/* NULL: there are no partials. */
	struct template_source (*partial)(void *ctx, const char *name);
	void *partial_ctx;
};

/*
 * Data: objects looked up from the last to the first, so that a later one
 * hides an earlier one. Dotted names and sections go into nested values.
 */
struct template_data {
	const struct json_object **objects;
	size_t count;
	const struct json_value *self; /* {{.}} outside sections; or NULL */
};

/* SYSTEM "NAME:LINE:COLUMN: reason" for a template that is no Mustache. */
int template_compile(struct template **, struct str source,
    const struct template_params *, struct fail *);
void template_free(struct template *);

/* Append the result. DATA "NAME:LINE: field x is missing". */
int template_render(const struct template *, const struct template_data *,
    struct arena *, struct buf *, struct fail *);

/* Does a tag of this name stand in it, partials included? */
bool template_uses(const struct template *, const char *name);

#endif
