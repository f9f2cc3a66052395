/*
 * A JSON parser (RFC 8259) for records of one line: strict, exact, fast.
 *
 * An object is checked completely and kept as the raw bytes of its members,
 * so a program writes a member that it does not understand back byte for
 * byte. json_get.h reads the members, json_put.h writes JSON.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stddef.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/str.h"

#define JSON_DEPTH 32 /* levels of objects and arrays */

enum json_type {
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

struct json_value {
	enum json_type type;
	struct str raw; /* as written, without white space around it */
};

struct json_member {
	struct str name; /* decoded */
	struct json_value value;
};

struct json_object {
	struct json_member *members; /* in the order written */
	size_t count;
};

/*
 * Parse one object; the text may have white space around it and nothing else.
 * The members and their decoded names live in the arena; raw values point into
 * the text. DATA for a syntax error, invalid UTF-8, U+0000 in any form, a lone
 * surrogate, a duplicate name or more than JSON_DEPTH levels.
 */
int json_parse(
    struct json_object *, struct str text, struct arena *, struct fail *);

/* The type of the value that begins with this character. */
enum json_type json_type_of(char first);

#endif
