/*
 * The files of a mailing, as the command line names them.
 */
#ifndef PORT_MAILING_MAILING_PATHS_H
#define PORT_MAILING_MAILING_PATHS_H

#include <stdbool.h>
#include <stddef.h>

#include "mail/template/template.h"

struct mailing_paths {
	const char *body;
	const char *format;   /* "html", "markdown", "text"; NULL: the suffix */
	const char *text;     /* or NULL */
	const char *layout;   /* a folder, "none", or NULL: the built-in one */
	const char *partials; /* a folder of NAME.mustache; or NULL */
	const char *const *attach;
	size_t attach_count;
	bool images;      /* local <img src> become parts of the message */
	bool optout;      /* of the built-in layout */
	bool hard_breaks; /* a line break of Markdown is one */
	enum template_missing missing;
};

#endif
