/*
 * What a terminal can show.
 */
#ifndef MAIL_REPORT_REPORT_STYLE_H
#define MAIL_REPORT_REPORT_STYLE_H

#include <stdbool.h>
#include <stddef.h>

struct report_style {
	size_t width; /* columns */
	bool ascii;   /* ASCII characters only */
	bool color;
};

#endif
