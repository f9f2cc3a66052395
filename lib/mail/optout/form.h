/*
 * The fields of an HTML form as a browser or a mail provider posts them:
 * application/x-www-form-urlencoded or multipart/form-data (RFC 7578).
 */
#ifndef MAIL_OPTOUT_FORM_H
#define MAIL_OPTOUT_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

#define FORM_MAX 32 /* fields; one more is a malformed form */

struct form_field {
	struct str name, value;
};

struct form {
	struct form_field fields[FORM_MAX];
	size_t count;
};

/*
 * False when it is neither of the two, or malformed. An absent content type
 * means urlencoded. Decoded strings live in the arena.
 */
bool form_parse(
    struct form *, struct str content_type, struct str body, struct arena *);

/* The query of a URL. */
bool form_parse_query(struct form *, struct str query, struct arena *);

/* The value of the only field of that name; absent when none, or several. */
struct str form_get(const struct form *, const char *name);

#endif
