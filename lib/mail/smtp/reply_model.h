/*
 * Whom a reply is about, and what it is about.
 */
#ifndef MAIL_SMTP_REPLY_MODEL_H
#define MAIL_SMTP_REPLY_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "mail/smtp/reply.h"
#include "mail/smtp/reply_rules.h"

enum reply_about {
	REPLY_OF_RECIPIENT,
	REPLY_OF_MESSAGE,
	REPLY_OF_US,
	REPLY_OF_MOMENT, /* the relay's, or the connection's */
};

struct reply_model {
	enum reply_matter matter;
	enum reply_about about;
	/*
	 * Of the codes and the words: equal for replies that differ only in
	 * addresses, hosts, numbers and identifiers; never 0.
	 */
	uint64_t print;
};

/*
 * Of a reply with a code of 400 or more. ses: Amazon's own words count first.
 * sender and recipient are the envelope's and may be empty.
 */
struct reply_model reply_model_read(const struct reply *, enum reply_stage,
    bool ses, struct str sender, struct str recipient);

#endif
