/*
 * JSON (RFC 8259) as one-line records need it: strict, exact, fast.
 *
 * An object is checked whole and kept as the raw bytes of its members, so
 * what a program does not understand is written back byte for byte. Refused:
 * invalid UTF-8, U+0000 in any form, lone surrogates, duplicate names, more
 * than JSON_DEPTH levels. All failures are DATA.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"

#define JSON_DEPTH 32

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
 * Parse one object, with white space allowed around it and nothing else.
 * members and decoded names live in the arena; raw points into the text.
 */
int json_parse(
    struct json_object *, struct str text, struct arena *, struct fail *);

/* NULL when there is no member of that name. */
const struct json_value *json_get(const struct json_object *, const char *name);

/* The decoded string of a JSON_STRING; borrows raw when nothing is escaped. */
struct str json_string(struct json_value, struct arena *);

/* The decoded string of that name; absent when there is none or no string. */
struct str json_get_string(
    const struct json_object *, const char *name, struct arena *);

/* The members of a JSON_OBJECT value already checked as part of a record. */
void json_members(struct json_value, struct json_object *, struct arena *);

/* Walk a JSON_ARRAY: *at starts at 0; false at the end. */
bool json_next(struct json_value array, size_t *at, struct json_value *out);

/* Append a quoted string; the bytes must be valid UTF-8 without NUL. */
void json_put_string(struct buf *, struct str);

/* Append `"name":`, with a comma before it unless the buffer ends in { or [. */
void json_put_name(struct buf *, const char *name);

/* A name with a value; an absent string (p == NULL) is written as null. */
void json_put(struct buf *, const char *name, struct str value);
void json_put_int(struct buf *, const char *name, long long value);
void json_put_raw(struct buf *, const char *name, struct str raw);

#endif
