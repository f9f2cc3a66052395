/*
 * A whole mailing, compiled once, and one message for each record of it
 * (RFC 5322, 2045-2049, 2369, 3834, 8058).
 */
#ifndef MAIL_MESSAGE_COMPOSE_H
#define MAIL_MESSAGE_COMPOSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/json.h"
#include "base/str.h"
#include "mail/html/source.h"
#include "mail/message/layout.h"
#include "mail/mime/addr.h"
#include "mail/mime/multipart.h"
#include "mail/optout/token.h"
#include "mail/record/message.h"
#include "mail/record/recipient.h"
#include "mail/template/template.h"
#include "mail/text/text_part.h"

struct compose_header {
	const char *name;
	struct str value; /* a template */
};

enum compose_part {
	COMPOSE_MESSAGE,
	COMPOSE_HEADERS,
	COMPOSE_HTML, /* these two need no sender and no opt-out */
	COMPOSE_TEXT,
};

/* Everything is borrowed for the life of the compose. */
struct compose_params {
	enum compose_part part;
	struct str email_id;
	struct str course_id; /* of records that have none; or p == NULL */
	struct str subject;   /* a template */
	struct source body;   /* HTML; the partial "body" of the layout */
	struct source text;   /* instead of what is made from the HTML */
	struct layout layout;
	struct template_rules rules;
	const struct str *sets; /* NAME=VALUE; fields of every record */
	size_t set_count;
	struct text_params convert;

	struct str from;         /* a mailbox; p == NULL: made for the course */
	struct str from_address; /* for that: DEFAULT_BULK_FROM_EMAIL */
	struct str reply_to, sender; /* mailboxes; or p == NULL */
	struct str envelope_sender;  /* p == NULL: the From address */
	const struct compose_header *headers;
	size_t header_count;
	int policy; /* of addr_parse() */

	bool optout;  /* else for staff and the sender only */
	bool lenient; /* render without opt-out link or postal address */
	struct str optout_url, optout_mailto;
	const struct token_keys *keys;
	struct str platform_name, postal_address;

	const struct multipart_part *images;
	size_t image_count;
	/* The files of one record, from its fields; NULL: none ever. */
	int (*attach)(void *ctx, const struct template_data *, struct arena *,
	    const struct multipart_part **, size_t *count, struct fail *);
	void *attach_ctx;
	/* What of the content this struct does not show, for its hash. */
	const struct str *more_content;
	size_t more_count;

	int64_t max_size; /* bytes of a message; 0: no limit */
	int64_t expires;  /* ms; 0: never */
};

struct compose;

/* SYSTEM, naming setting, or file, line and column. */
int compose_new(
    struct compose **, const struct compose_params *, struct fail *);
void compose_free(struct compose *);

/* Strings live until the next call or in the arena. */
struct composed {
	struct message message;
	struct str html, text; /* LF line ends */
	struct str headers;    /* of message, without the empty line */
	struct str subject;
	struct str from_name; /* display name of From */
	/* Opt-out link and postal address are there. */
	bool html_footer, text_footer;
};

/* now: ms since 1970, for Date. DATA when the record cannot be used. */
int compose_record(struct compose *, const struct recipient *, int64_t now,
    struct arena *, struct composed *, struct fail *);

#endif
