/*
 * Inside of text: links and images.
 */
#ifndef MAIL_TEXT_TEXT_LINK_H
#define MAIL_TEXT_TEXT_LINK_H

#include "base/buf.h"
#include "mail/text/text_flow.h"

/* A link that is open. */
struct text_link {
	struct str target; /* p == NULL: none is shown */
	const struct html_node *node;
	struct buf text; /* what it has come to show */
	unsigned breaks; /* as in the flow when it began */
	bool image;
	bool alt; /* the last word is an image's: no other is glued to it */
	struct text_link *outer;
};

void text_link_begin(struct text_flow *, const struct html_node *);
void text_link_end(struct text_flow *);
void text_link_area(struct text_flow *, const struct html_node *);
void text_link_image(struct text_flow *, const struct html_node *);

/* The empty link before a table, which was meant to be round it, or NULL. */
const struct html_node *text_link_of_table(const struct html_node *);

/* The target to show for an href; p == NULL: none. */
struct str text_target(struct text_job *, struct str href);

/* Would the target only repeat the text? */
bool text_target_repeats(struct str target, struct str text);

#endif
