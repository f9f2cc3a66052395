/*
 * The options of bm-render.
 */
#ifndef CMD_RENDER_RENDER_OPTIONS_H
#define CMD_RENDER_RENDER_OPTIONS_H

#include "base/options.h"
#include "render/render.h"

#define RENDER_OPTIONS_MAX 48

/* Fill a table of RENDER_OPTIONS_MAX rows that point into the struct. */
void render_options(struct render *, struct option_spec *);

#endif
