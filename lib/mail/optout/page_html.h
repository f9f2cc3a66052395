/*
 * The HTML of the opt-out page.
 */
#ifndef MAIL_OPTOUT_PAGE_HTML_H
#define MAIL_OPTOUT_PAGE_HTML_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"
#include "mail/optout/page.h"
#include "mail/optout/page_text.h"

/* The state that the page shows. */
struct page_html {
	int status;         /* of HTTP; 200, or the kind of the failure */
	enum page_act act;  /* with status 200: the change just made */
	struct str address; /* by page_html_mask() */
	struct str course, platform;
	struct str mailto; /* where a person may write to; may be absent */
	bool course_out, all_out;
	bool course_kept, all_kept; /* out, and the link cannot end it */
	bool test; /* the link is a test message's: no change was made */
	const char *language;
};

/*
 * Append a recipient key as an address that only its owner recognizes: the
 * first character, an ellipsis and the domain.
 */
void page_html_mask(struct buf *, struct str key, struct arena *);

/* Append the page. SYSTEM if a template is not valid Mustache. */
int page_html_render(struct buf *, const struct page_html *,
    const struct page_text_source *, struct arena *, struct fail *);

#endif
