/*
 * The text of an HTML template's records. The HTML is parsed once for each
 * skeleton: a record's values are filled into the tree, which is laid out like
 * that of any other HTML. The text is the same as text_from_html() gives for
 * the rendered HTML.
 */
#ifndef MAIL_TEXT_TEXT_FORM_H
#define MAIL_TEXT_TEXT_FORM_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"
#include "mail/template/template.h"
#include "mail/text/text_params.h"

struct text_form;

/* The template and the params are borrowed. */
struct text_form *text_form_new(
    const struct template *, const struct text_params *);
void text_form_free(struct text_form *);

/* Append the text of a record. DATA as of template_render() and html_parse().
 */
int text_form_render(struct text_form *, const struct template_data *,
    struct arena *, struct buf *, struct fail *);

#endif
