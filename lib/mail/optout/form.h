/*
 * Parses the fields of an HTML form that a browser or a mail provider posts:
 * application/x-www-form-urlencoded or multipart/form-data (RFC 7578).
 */
#ifndef MAIL_OPTOUT_FORM_H
#define MAIL_OPTOUT_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

#define FORM_MAX 32 /* fields; a form with more is malformed */

struct form_field {
	struct str name, value;
};

struct form {
	struct form_field fields[FORM_MAX];
	size_t count;
};

/*
 * False if the content type is another one or the body is malformed. An empty
 * content type means urlencoded. Strings are in the body or the arena.
 */
bool form_parse(
    struct form *, struct str content_type, struct str body, struct arena *);

/* The same for the query of a URL. */
bool form_parse_query(struct form *, struct str query, struct arena *);

/* The value of the field; absent unless exactly one has that name. */
struct str form_get(const struct form *, const char *name);

#endif
