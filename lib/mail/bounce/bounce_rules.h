/*
 * What mailers write of a failure in words of their own.
 */
#ifndef MAIL_BOUNCE_BOUNCE_RULES_H
#define MAIL_BOUNCE_BOUNCE_RULES_H

#include <stddef.h>

#include "mail/smtp/reply_rules.h"

struct bounce_rule {
	const char *text; /* for reply_pattern_matches() */
	enum reply_matter matter;
};

/* Before and behind the rules about replies (reply_rules.h). */
extern const struct bounce_rule bounce_rules[], bounce_rules_last[];
extern const size_t bounce_rules_count, bounce_rules_last_count;

#endif
