/* What replies are about: words and codes in the order of their evidence. */
#ifndef MAIL_SMTP_REPLY_RULES_H
#define MAIL_SMTP_REPLY_RULES_H

#include <stddef.h>

/* The subject of a reply. */
enum reply_matter {
	REPLY_OTHER,   /* then of the recipient, to REPLY_GREY */
	REPLY_UNKNOWN, /* no such mailbox */
	REPLY_DOMAIN,  /* none, or none for mail */
	REPLY_ADDRESS, /* not a valid address */
	REPLY_FULL,
	REPLY_BUSY_BOX, /* too much mail for this mailbox */
	REPLY_UNWANTED, /* the recipient's will, a list, a mailbox at rest */
	REPLY_SMALL,    /* too big for this mailbox */
	REPLY_GREY,
	REPLY_FORM, /* of the message: a header or line breaks a rule */
	REPLY_SPAM,
	REPLY_SIZE,
	REPLY_UTF8,
	REPLY_LOOP,
	/* We. */
	REPLY_LOGIN,
	REPLY_TLS,
	REPLY_RELAY,  /* we may not relay here */
	REPLY_SENDER, /* the envelope sender or From */
	REPLY_PROOF,  /* SPF, DKIM, DMARC */
	REPLY_BANNED, /* by a code of the provider */
	REPLY_NAME,   /* EHLO, PTR */
	REPLY_LISTED, /* a list of bad senders, a reputation */
	REPLY_RATE,
	REPLY_FLOOD, /* a rate that needs ten minutes of quiet */
	REPLY_QUOTA,
	REPLY_DAILY,   /* a quota for a day */
	REPLY_ACCOUNT, /* the account's own trouble */
	REPLY_SYNTAX,  /* a command */
	/* The relay's moment. */
	REPLY_LOAD,
	REPLY_SPENT,  /* the connection has served */
	REPLY_CLOSED, /* no service at all, in place of a greeting */
};

#define REPLY_ANY (-1)
#define REPLY_NONE (-2) /* no enhanced code */

struct reply_rule {
	unsigned stages;  /* 0: any; or a set of 1 << enum reply_stage */
	int code;         /* exact, or 4 or 5 for a class; 0: any */
	int subject;      /* of the enhanced code; REPLY_ANY or REPLY_NONE */
	int low, high;    /* its detail */
	const char *text; /* for reply_pattern_matches(), or NULL */
	enum reply_matter matter;
};

extern const struct reply_rule reply_rules[], reply_rules_ses[];
extern const size_t reply_rules_count, reply_rules_ses_count;

#endif
