/*
 * Inside of plain_fast: which fields stand in a template, and which of their
 * values the conversion of the template treats as that of the result would.
 */
#ifndef MAIL_TEXT_PLAIN_FIELDS_H
#define MAIL_TEXT_PLAIN_FIELDS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

/* What a field may hold, from its places in the HTML. */
enum plain_level {
	PLAIN_WORDS, /* text in which nothing is special */
	PLAIN_TOKEN, /* letters, digits and -._~ of ASCII */
	PLAIN_URL,   /* an address in plain ASCII */
};

struct plain_field {
	const char *name;
	enum plain_level level;
	bool linked; /* stands in the text of a link */
};

struct plain_fields {
	struct plain_field *items;
	size_t count;
};

/*
 * The fields of a template that has no tags but {{name}}, and nothing in it
 * whose text depends on what stands beside it (sup, pre, no-break spaces).
 * False: it is another kind of template.
 */
bool plain_fields_scan(struct plain_fields *, struct str html, struct arena *);

/* May the field have this value? */
bool plain_field_takes(const struct plain_field *, struct str value);

#endif
