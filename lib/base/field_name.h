/*
 * Names of merge fields: what a tag of a template can name.
 */
#ifndef BASE_FIELD_NAME_H
#define BASE_FIELD_NAME_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

/* No white space, no dot, no brace, no invisible or control character, and no
 * sign at the beginning that makes another tag of it. The text is UTF-8. */
bool field_name_is_valid(struct str);

/*
 * Append a name that is made of the text by one rule: each run of characters
 * that are not letters, digits or underscores becomes one underscore, and is
 * left out at both ends. Nothing is appended for a text without letters.
 */
void field_name_make(struct buf *, struct str);

#endif
