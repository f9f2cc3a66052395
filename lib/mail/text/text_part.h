/*
 * The text part: made from the HTML by the rules of mail/text.h, or from a
 * text template of its own, and set into the layout's frame.
 */
#ifndef MAIL_PLAIN_H
#define MAIL_PLAIN_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fail.h"
#include "base/mem.h"
#include "mail/template/template.h"
#include "mail/text/text.h"

struct plain_params {
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

	enum template_missing missing;
	struct template_source (*partial)(void *ctx, const char *name);
	void *partial_ctx;
	struct text_params convert;
};

struct plain;

/* What params point to must live on. SYSTEM for a broken template. */
int plain_new(struct plain **, const struct plain_params *, struct fail *);
void plain_free(struct plain *);

/* Append the text for a record, LF line ends. DATA. */
int plain_render(const struct plain *, const struct template_data *,
    struct arena *, struct buf *, struct fail *);

/* Does a tag of this name stand in what makes the text? */
bool plain_uses(const struct plain *, const char *name);

#endif
