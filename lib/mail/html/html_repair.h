/*
 * Inside of html: what is put right in the source before libxml2 sees it.
 */
#ifndef MAIL_HTML_HTML_REPAIR_H
#define MAIL_HTML_HTML_REPAIR_H

#include "mail/html/html.h"

/*
 * Valid UTF-8 without BOM, CR and control characters; characters that would
 * be taken for template tags become some.
 */
void html_clean(
    struct buf *, struct str source, struct html_fields *, struct arena *);

/* The clean source with everything changed that libxml2 gets wrong. */
void html_repair(
    struct buf *, struct str clean, struct html_fields *, struct arena *);

/* Length of the template tag that starts here; 0 when none does. */
size_t html_field_length(const char *p, size_t n);

/* Append the character that stands for a template tag. */
void html_put_field(
    struct buf *, struct html_fields *, struct str, struct arena *);

/*
 * A reference "&name;" or "&#1;" starts here: append what stands for it to
 * libxml2 and return its length, or return 0.
 */
size_t html_put_reference(struct buf *, const char *p, size_t n);

/* Code points of "name" in &name; as hexadecimal numbers joined by +. */
struct str html_name(struct str name);

#endif
