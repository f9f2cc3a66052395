/*
 * The text of a reply as words for judging it: addresses, hosts, URLs and
 * identifiers vary with the recipient and would be taken for words.
 */
#ifndef MAIL_SMTP_REPLY_TEXT_H
#define MAIL_SMTP_REPLY_TEXT_H

#include "base/str.h"
#include "mail/smtp/reply.h"

/*
 * Words in lower case (ASCII), each with one blank before and behind it.
 * Punctuation separates words; an apostrophe is dropped ("isnt"). A capital
 * letter stands for what was cut out:
 *   R  the recipient        S  the sender, or an address of its domain
 *   A  another address      I  an IP address
 *   D  the recipient's domain or a host in it; O: the same of the sender
 *   L  a host or URL of a known list of bad senders
 *   H  another host         U  another URL
 */
struct reply_text {
	char words[2 * REPLY_TEXT + 4];
	char quoted[2 * REPLY_TEXT + 4]; /* behind "said:": another server */
	char enhanced[12]; /* the reply's, or "(#5.1.1)" in its text; or "" */
};

/* sender and recipient: of the envelope; may be empty. */
void reply_text_read(struct reply_text *, const struct reply *,
    struct str sender, struct str recipient);

#endif
