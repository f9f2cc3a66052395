/*
 * The interpreter: fills the fields of a record into a template in one pass.
 */
#ifndef MAIL_TEMPLATE_TEMPLATE_RENDER_H
#define MAIL_TEMPLATE_TEMPLATE_RENDER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"
#include "mail/template/template_skeleton.h"

/*
 * Append the result to the buffer; the arena holds what is decoded on the way.
 * DATA "NAME:LINE:COLUMN: field x is missing" and the like.
 */
int template_render(const struct template *, const struct template_data *,
    struct arena *, struct buf *, struct fail *);

/*
 * The same for an HTML template, with holes instead of values: *out is zeroed
 * by the caller and released by template_skeleton_free(),
 * on failure as well.
 */
int template_render_skeleton(const struct template *,
    const struct template_data *, struct arena *, struct template_skeleton *,
    struct fail *);

#endif
