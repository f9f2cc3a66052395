/*
 * The language of the opt-out page.
 */
#ifndef MAIL_OPTOUT_PAGE_LANGUAGE_H
#define MAIL_OPTOUT_PAGE_LANGUAGE_H

#include "base/arena.h"
#include "mail/optout/page_text.h"

/*
 * Of the languages that have a page, the one with the highest weight in
 * Accept-Language (RFC 9110 12.5.4), as a tag in lower case: in the arena, or
 * "en" if there is no such language.
 */
const char *page_language_choose(
    struct str accept, const struct page_text_source *, struct arena *);

#endif
