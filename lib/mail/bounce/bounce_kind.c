#include "mail/bounce/bounce_kind.h"

#include <stddef.h>

const char *
bounce_kind_name(enum bounce_kind kind)
{
	static const char *const names[] = {"unknown", "auto", "delivered",
	    "delayed", "soft", "policy", "hard", "complaint"};

	return names[kind];
}

const char *
bounce_kind_class(const struct bounce *b)
{
	static const char *const names[] = {
	    [REPLY_OTHER] = "refused",
	    [REPLY_UNKNOWN] = "bad_mailbox",
	    [REPLY_DOMAIN] = "bad_domain",
	    [REPLY_ADDRESS] = "bad_address",
	    [REPLY_FULL] = "mailbox_full",
	    [REPLY_BUSY_BOX] = "mailbox_full",
	    [REPLY_UNWANTED] = "refused",
	    [REPLY_SMALL] = "too_big",
	    [REPLY_GREY] = "greylisted",
	    [REPLY_FORM] = "content",
	    [REPLY_SPAM] = "content",
	    [REPLY_SIZE] = "too_big",
	    [REPLY_UTF8] = "needs_smtputf8",
	    [REPLY_LOOP] = "refused",
	    [REPLY_LOGIN] = "auth",
	    [REPLY_TLS] = "tls",
	    [REPLY_SENDER] = "sender",
	    [REPLY_NAME] = "config",
	    [REPLY_RATE] = "throttled",
	    [REPLY_FLOOD] = "throttled",
	    [REPLY_QUOTA] = "quota",
	    [REPLY_DAILY] = "quota",
	    [REPLY_LOAD] = "connection",
	    [REPLY_SPENT] = "connection",
	    [REPLY_CLOSED] = "connection",
	};
	const char *name = (size_t)b->matter < sizeof(names) / sizeof(*names)
			       ? names[b->matter]
			       : NULL;

	if (b->kind < BOUNCE_DELAYED || b->kind == BOUNCE_COMPLAINT)
		return NULL;
	return name != NULL ? name : "policy";
}
