/*
 * The text of a notice in HTML: good enough to find addresses and reasons.
 */
#ifndef MAIL_BOUNCE_BOUNCE_HTML_H
#define MAIL_BOUNCE_BOUNCE_HTML_H

#include "base/buf.h"

/*
 * Append the text without tags, scripts and styles, with LF for an element
 * that begins a line, and with the few references that notices have.
 */
void bounce_html_text(struct buf *, struct str html);

#endif
