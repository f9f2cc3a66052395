/*
 * Mustache templates (the published specification without lambdas and
 * inheritance): template_parse.h makes them, template_render.h fills them in.
 */
#ifndef MAIL_TEMPLATE_TEMPLATE_H
#define MAIL_TEMPLATE_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/json.h"
#include "base/str.h"

struct template;
struct template_lack;

enum template_context {
	TEMPLATE_HTML,  /* escapes by place: text, attribute, URL attribute */
	TEMPLATE_TEXT,  /* literal */
	TEMPLATE_PLAIN, /* the specification's rule: {{x}} is HTML-escaped */
};

enum template_missing {
	TEMPLATE_MISSING_ERROR, /* a field without a value is DATA */
	TEMPLATE_MISSING_EMPTY,
};

/* A partial. */
struct template_source {
	struct str bytes; /* p == NULL: there is no such partial */
	const char *name; /* for messages; NULL: the partial's own */
	const struct template *original; /* as in template_params */
};

/* What the templates of one mailing have in common. */
struct template_rules {
	enum template_missing missing;
	/* Look up a partial; NULL: there are no partials. */
	struct template_source (*partial)(void *ctx, const char *name);
	void *partial_ctx;
};

/*
 * The fields: objects searched from the last to the first, so a later one
 * hides an earlier one. Dotted names and sections go into nested values.
 */
struct template_data {
	const struct json_object **objects;
	size_t count;
	const struct json_value *self; /* {{.}} outside sections; or NULL */
	struct template_lack *lack;    /* filled on such a failure; or NULL */
};

void template_free(struct template *);

/* True if the template or one of its partials has a tag of this name. */
bool template_uses(const struct template *, const char *name);

#endif
