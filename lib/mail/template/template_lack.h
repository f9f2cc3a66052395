/*
 * The field whose value a rendering has missed.
 */
#ifndef MAIL_TEMPLATE_TEMPLATE_LACK_H
#define MAIL_TEMPLATE_TEMPLATE_LACK_H

#include <stdbool.h>
#include <stddef.h>

struct template_lack {
	const char *field; /* the template's; NULL: none was missed */
	size_t first;      /* length of its name, or of the part before a dot */
	bool nested;       /* within a section that has entered an object */
};

#endif
