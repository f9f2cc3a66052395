/*
 * The text part of a message: converted from the HTML part, or rendered from
 * a text template, and put into the frame of the layout.
 */
#ifndef MAIL_TEXT_TEXT_PART_H
#define MAIL_TEXT_TEXT_PART_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"
#include "mail/template/template.h"
#include "mail/text/text_params.h"

struct text_part_params {
	const struct template *html; /* the compiled body, or all of it */
	/* A text template, used instead; p == NULL: none. */
	struct str text;
	const char *text_name;
	bool wrap; /* its lines at convert.width */
	/* layout.txt with the partial "body"; p == NULL: only the body. */
	struct str frame;
	const char *frame_name;

	struct template_rules rules;
	struct text_params convert;
};

struct text_part;

/* The strings and templates of params are borrowed. SYSTEM. */
int text_part_new(
    struct text_part **, const struct text_part_params *, struct fail *);
void text_part_free(struct text_part *);

/* Resolve relative links of later records against the base, which stays. */
void text_part_set_base(struct text_part *, struct str base);

/* Append the text for a record, with LF line ends. DATA. */
int text_part_render(const struct text_part *, const struct template_data *,
    struct arena *, struct buf *, struct fail *);

/* True if the templates of the text have a tag of this name. */
bool text_part_uses(const struct text_part *, const char *name);

#endif
