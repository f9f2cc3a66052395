/*
 * Whether the reader of an HTML part sees the opt-out link and the postal
 * address in it.
 */
#ifndef MAIL_MESSAGE_FOOTER_H
#define MAIL_MESSAGE_FOOTER_H

#include "mail/html/html_cover.h"

struct footer {
	struct str html;
	size_t body;        /* the offset of the body's end */
	struct str token;   /* a part of the link's address; or p == NULL */
	struct str address; /* as the HTML has it; or p == NULL */
};

enum footer_fault {
	FOOTER_GOOD,
	FOOTER_BODY, /* the end of the body is hidden */
	FOOTER_LINK,
	FOOTER_ADDRESS,
};

/*
 * What is wrong, and what hides it: the kind is HTML_COVER_NONE if the link
 * or the address is not there at all, or the link has no text.
 */
enum footer_fault footer_check(const struct footer *, struct html_cover *);

#endif
