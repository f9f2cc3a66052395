/*
 * The short way to the text part: the template is converted to text once, and
 * each record's values are filled into that text, instead of converting each
 * record's HTML. The short way is taken only where both ways give the same
 * text: probe values are tried in the template, and each record's values are
 * checked.
 */
#ifndef MAIL_TEXT_PLAIN_FAST_H
#define MAIL_TEXT_PLAIN_FAST_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"
#include "mail/template/template.h"
#include "mail/text/text_params.h"

struct plain_fast;

struct plain_fast_params {
	struct str source;           /* of the HTML template */
	const struct template *html; /* the same, compiled */
	enum template_missing missing;
	const struct text_params *convert;
};

/* NULL if the template does not allow the short way; params are borrowed. */
struct plain_fast *plain_fast_new(const struct plain_fast_params *);
void plain_fast_free(struct plain_fast *);

/* True if the values of this record allow the short way. */
bool plain_fast_suits(
    const struct plain_fast *, const struct template_data *, struct arena *);

/* Append the text of a record that plain_fast_suits() accepts. DATA. */
int plain_fast_render(const struct plain_fast *, const struct template_data *,
    struct arena *, struct buf *, struct fail *);

#endif
