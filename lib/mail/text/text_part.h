/*
 * The text part: made from the HTML by the rules of mail/text.h, or from a
 * text template of its own, and set into the layout's frame.
 */
#ifndef MAIL_TEXT_TEXT_PART_H
#define MAIL_TEXT_TEXT_PART_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"
#include "mail/template/template.h"
#include "mail/text/text.h"

struct text_part_params {
	/* HTML to convert: its source and the same compiled. */
	struct str html_source;
	const char *html_name; /* for messages */
	const struct template *html;
	/* Or a text template that is taken as it is; p == NULL: none. */
	struct str text;
	const char *text_name;
	/* layout.txt with the partial "body"; p == NULL: the body alone. */
	struct str frame;
	const char *frame_name;

	struct template_rules rules;
	struct text_params convert;
};

struct text_part;

/* What params point to must live on. SYSTEM for a broken template. */
int text_part_new(
    struct text_part **, const struct text_part_params *, struct fail *);
void text_part_free(struct text_part *);

/* Append the text for a record, LF line ends. DATA. */
int text_part_render(const struct text_part *, const struct template_data *,
    struct arena *, struct buf *, struct fail *);

/* Does a tag of this name stand in what makes the text? */
bool text_part_uses(const struct text_part *, const char *name);

#endif
