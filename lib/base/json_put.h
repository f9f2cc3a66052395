/*
 * Writes JSON (RFC 8259) without white space, member by member. The caller
 * writes the braces and brackets; the functions write the commas.
 */
#ifndef BASE_JSON_PUT_H
#define BASE_JSON_PUT_H

#include "base/buf.h"
#include "base/str.h"

/* Append a quoted string; the bytes must be valid UTF-8 without NUL. */
void json_put_string(struct buf *, struct str);

/* Append `"name":`, after a comma unless the buffer ends in { or [. */
void json_put_name(struct buf *, const char *name);

/* Append a name and a string, or null if the value's p is NULL. */
void json_put(struct buf *, const char *name, struct str value);

/* Append a name and a number. */
void json_put_int(struct buf *, const char *name, long long value);

/* Append a name and a value that is JSON already. */
void json_put_raw(struct buf *, const char *name, struct str raw);

#endif
