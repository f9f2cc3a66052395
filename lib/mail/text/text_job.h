/*
 * The state that all flows of one conversion share.
 */
#ifndef MAIL_TEXT_TEXT_JOB_H
#define MAIL_TEXT_TEXT_JOB_H

#include <stdbool.h>

#include "mail/html/html.h"
#include "mail/text/text_params.h"

struct text_flow;

/* Lay out the siblings from first up to end, children of parent. */
typedef void text_job_walk_fn(struct text_flow *, struct html_node *first,
    const struct html_node *end, const struct html_node *parent);

struct text_job {
	const struct text_params *params;
	struct html html;
	struct arena *arena;
	struct str base;   /* of <base href>; p == NULL: none */
	struct str *links; /* the targets of the list at the end */
	size_t link_count, link_cap;
	bool shown; /* some flow has a line, so no preheader may follow */
	/*
	 * The memory of text_keep.c, which outlives the job: the tree is laid
	 * out for several records, marked by text_keep_mark(). NULL: the tree
	 * is laid out once.
	 */
	struct arena *kept;

	/*
	 * A list or table lays out the content of its items, which may hold
	 * lists and tables: the recursion goes through this pointer, which
	 * text_walk.c sets.
	 */
	text_job_walk_fn *walk;
};

#endif
