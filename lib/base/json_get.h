/*
 * Reads the members and elements of JSON that json_parse() has accepted.
 */
#ifndef BASE_JSON_GET_H
#define BASE_JSON_GET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"

/* The member's value, borrowed; NULL if the object has no such member. */
const struct json_value *json_get(const struct json_object *, const char *name);

/*
 * The member's decoded string, as json_get_decoded() returns it. p is NULL if
 * the object has no such member or the member is not a string.
 */
struct str json_get_string(
    const struct json_object *, const char *name, struct arena *);

/*
 * The decoded text of a JSON_STRING: borrowed from the raw value if that
 * contains no escape, else in the arena.
 */
struct str json_get_decoded(struct json_value, struct arena *);

/* The members of a JSON_OBJECT; names and members live in the arena. */
void json_get_members(struct json_value, struct json_object *, struct arena *);

/*
 * The next element of a JSON_ARRAY. *at is 0 for the first call and is the
 * function's own afterwards. False at the end of the array.
 */
bool json_get_next(struct json_value array, size_t *at, struct json_value *out);

#endif
