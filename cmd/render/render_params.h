/*
 * From the options of bm-render to the parameters of the mailing.
 */
#ifndef CMD_RENDER_RENDER_PARAMS_H
#define CMD_RENDER_RENDER_PARAMS_H

#include <stdint.h>

#include "base/fail.h"
#include "base/options.h"
#include "render/render.h"

/* Check the options, read the keys and set the date. SYSTEM. */
int render_params_fill(struct render *, struct options *, struct fail *);

/* The time of the messages, in ms since 1970. */
int64_t render_params_now(const struct render *);

#endif
