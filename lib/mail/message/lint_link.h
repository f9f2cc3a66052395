/*
 * Links and pictures that are dead in a mailbox.
 */
#ifndef MAIL_MESSAGE_LINT_LINK_H
#define MAIL_MESSAGE_LINT_LINK_H

#include "mail/html/html_tags.h"
#include "mail/message/lint_report.h"

/* The finding that a base removes. */
#define LINT_LINK_RELATIVE \
	"error: an address without https:// is dead in a mailbox"

/* Look at the addresses in a tag's attributes. */
void lint_link_tag(struct lint *, const struct html_tag *);

#endif
