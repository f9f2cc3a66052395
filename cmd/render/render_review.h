/*
 * bm-render --lint and --preview: looks at the messages, writes no record.
 */
#ifndef CMD_RENDER_RENDER_REVIEW_H
#define CMD_RENDER_RENDER_REVIEW_H

#include "base/filter.h"
#include "render/render.h"

/* Read all records, write findings and page; raises the exit status. */
void render_review(struct render *, struct filter *);

#endif
