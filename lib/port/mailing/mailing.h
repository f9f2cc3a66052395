/*
 * The files of a mailing: body, layout, partials, attachments, images.
 */
#ifndef PORT_MAILING_MAILING_H
#define PORT_MAILING_MAILING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"
#include "mail/message/compose.h"

struct mailing_paths {
	const char *body;
	const char *format;   /* "html", "markdown"; NULL: by the suffix */
	const char *text;     /* or NULL */
	const char *layout;   /* a folder, "none", or NULL: the built-in one */
	const char *partials; /* a folder of NAME.mustache; or NULL */
	const char *const *attach;
	size_t attach_count;
	bool images; /* local <img src> become parts of the message */
	bool optout; /* of the built-in layout */
	enum template_missing missing;
};

struct mailing;

/* Read everything. SYSTEM, naming file, line and reason. */
int mailing_open(
    struct mailing **, const struct mailing_paths *, struct fail *);
void mailing_close(struct mailing *);

/* Point the params at what was read; it lives until mailing_close(). */
void mailing_fill(struct mailing *, struct compose_params *);

/* Call fn with all HTML that somebody wrote: body, layout, partials. */
void mailing_sources(const struct mailing *,
    void (*fn)(void *ctx, const struct source *), void *ctx);

#endif
