/*
 * A flow lays out one part of the tree (the document, a list's item, a
 * table's cell) and yields finished lines; the flow around it attaches them
 * behind a prefix.
 */
#ifndef MAIL_TEXT_TEXT_FLOW_H
#define MAIL_TEXT_TEXT_FLOW_H

#include "mail/text/text_job.h"
#include "mail/text/text_para.h"

#define TEXT_NESTING 60 /* flows within flows; deeper ones are flat */

struct text_link;

struct text_flow {
	struct text_job *job;
	struct text_para para; /* with the width and the finished lines */
	int list_depth;
	int nesting;
	unsigned breaks;        /* block boundaries so far */
	struct text_link *link; /* the open link, or NULL */
	bool in_link;           /* a flow around this one has an open link */
	bool image;             /* an image is in the flow */
	uint64_t enclosed; /* parentheses to close, a bit for each script */
};

/* The flow of the whole document; text_flow_free() releases it. */
struct text_flow text_flow_outer(struct text_job *);

/* A flow for a part of f; a width below 1 counts as 1, if f has a limit. */
struct text_flow text_flow_inner(const struct text_flow *f, int width);
void text_flow_free(struct text_flow *);

/* Lay out the content of a node, or the siblings from first up to end. */
void text_flow_content(struct text_flow *, const struct html_node *);
void text_flow_range(struct text_flow *, struct html_node *first,
    const struct html_node *end, const struct html_node *parent);

/* False for a node that is never shown, or hidden at this place. */
bool text_flow_shows(const struct text_flow *, const struct html_node *);

/* A block boundary: end the paragraph; at least this gap comes next. */
void text_flow_break(struct text_flow *, enum text_gap);

/* Add a line that is part of a table, and of the link around it. */
void text_flow_draw(struct text_flow *, struct str line);

/* Add the lines of an inner flow behind prefixes. */
void text_flow_attach(struct text_flow *, const struct text_flow *inner,
    struct str first, struct str rest);

/* The same, with the outer gaps of the inner flow. */
void text_flow_attach_open(
    struct text_flow *, const struct text_flow *inner, struct str prefix);

#endif
