/*
 * The short way to the text part: convert the template once instead of each
 * record's HTML. It may be taken only where both give the same text; the
 * template is tried with values of all kinds, the record's values are looked
 * at, and in any doubt the answer is no.
 */
#ifndef MAIL_TEXT_PLAIN_FAST_H
#define MAIL_TEXT_PLAIN_FAST_H

#include <stdbool.h>

#include "mail/text/text_part.h"

struct plain_fast;

/* NULL when the template does not allow it. */
struct plain_fast *plain_fast_new(const struct text_part_params *);
void plain_fast_free(struct plain_fast *);

/* Do the values of this record allow it? */
bool plain_fast_suits(
    const struct plain_fast *, const struct template_data *, struct arena *);

/* Append the same text that the conversion of the record's HTML gives. */
int plain_fast_render(const struct plain_fast *, const struct template_data *,
    struct arena *, struct buf *, struct fail *);

#endif
