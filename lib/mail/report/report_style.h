/*
 * What a terminal can show.
 */
#ifndef MAIL_REPORT_REPORT_STYLE_H
#define MAIL_REPORT_REPORT_STYLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct report_style {
	size_t width; /* columns */
	bool ascii;   /* ASCII characters only */
	bool color;
	/* Appends ms since 1970; NULL: in UTC. */
	void (*put_time)(struct buf *, int64_t ms);
};

#endif
