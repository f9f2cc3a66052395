/*
 * Template tags inside HTML. Each tag is replaced by one private-use
 * character before the HTML is parsed, and put back into the result.
 */
#ifndef MAIL_HTML_HTML_FIELD_H
#define MAIL_HTML_HTML_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"

/* Code points from here on (planes 15 and 16) are reserved for fields. */
#define HTML_FIELD_FIRST 0xf0000u
#define HTML_FIELD_MAX (2 * 0xfffe) /* fields of one document */

/* The template tags of one document, in the order of their characters. */
struct html_fields {
	struct str *items; /* as written */
	size_t count, cap;
};

/* Length of the template tag that starts at p; 0 if none starts there. */
size_t html_field_length(const char *p, size_t n);

/*
 * Append the character that stands for a template tag; the arena holds the
 * tag. One beyond HTML_FIELD_MAX is dropped.
 */
void html_field_put(
    struct buf *, struct html_fields *, struct str tag, struct arena *);

/* The number of a field's character, from 0; SIZE_MAX for any other one. */
size_t html_field_number(uint32_t cp);

/* The tag for which the character stands; p == NULL for any other one. */
struct str html_field_tag(const struct html_fields *, uint32_t cp);

/*
 * Cut *s behind its first field: *before gets the text in front of it, *tag
 * the template tag. False, with *s unchanged, if *s holds no field.
 */
bool html_field_next(const struct html_fields *, struct str *s,
    struct str *before, struct str *tag);

/* Append the text with each field replaced by its tag. */
void html_field_restore(struct buf *, const struct html_fields *, struct str);

#endif
