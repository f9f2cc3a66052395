/*
 * The templates of the opt-out page: "page.en", "page.ar" ..., "style".
 */
#ifndef MAIL_OPTOUT_PAGE_TEXT_H
#define MAIL_OPTOUT_PAGE_TEXT_H

#include "base/str.h"

/* get() returns the template of that name; absent if it has none. */
struct page_text_source {
	struct str (*get)(void *ctx, const char *name);
	void *ctx;
};

/* A get() for the built-in templates; ctx is not used. */
struct str page_text_builtin(void *ctx, const char *name);

#endif
