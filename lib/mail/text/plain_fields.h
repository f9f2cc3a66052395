/*
 * The fields of an HTML template, and the values for which converting the
 * template and converting the rendered HTML give the same text.
 */
#ifndef MAIL_TEXT_PLAIN_FIELDS_H
#define MAIL_TEXT_PLAIN_FIELDS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

/* The values that a field accepts, by its places in the HTML. */
enum plain_level {
	PLAIN_WORDS, /* text without special characters */
	PLAIN_TOKEN, /* ASCII letters, digits and -._~ */
	PLAIN_URL,   /* an address in plain ASCII */
};

struct plain_field {
	const char *name;
	enum plain_level level;
	bool linked; /* occurs in the text of a link */
};

struct plain_fields {
	struct plain_field *items;
	size_t count;
};

/*
 * Collect the fields of a template, all PLAIN_WORDS at first; the arena holds
 * them. False if the template has other tags than {{name}}, or markup that
 * makes a text depend on its neighbours (sup, pre, no-break spaces).
 */
bool plain_fields_scan(struct plain_fields *, struct str html, struct arena *);

/* True if the field accepts the value. */
bool plain_fields_accept(const struct plain_field *, struct str value);

#endif
