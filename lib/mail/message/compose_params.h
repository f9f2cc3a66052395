/* A mailing, borrowed for the life of the compose; absent: a str without p. */
#ifndef MAIL_MESSAGE_COMPOSE_PARAMS_H
#define MAIL_MESSAGE_COMPOSE_PARAMS_H

#include <stdint.h>

#include "mail/html/source.h"
#include "mail/message/layout.h"
#include "mail/mime/multipart.h"
#include "mail/optout/token.h"
#include "mail/template/template.h"
#include "mail/text/text_part.h"

struct compose_header {
	const char *name;
	struct str value; /* a template */
};

enum compose_part {
	COMPOSE_MESSAGE,
	COMPOSE_HEADERS,
	COMPOSE_HTML, /* one body alone needs no sender and no opt-out */
	COMPOSE_TEXT,
};

struct compose_params {
	enum compose_part part;
	struct str email_id, platform_name, postal_address;
	struct str course_id, subject; /* of records without one; a template */
	struct source body; /* HTML; the partial "body" of the layout */
	struct source text; /* replaces the text made from the HTML */
	struct layout layout;
	struct template_rules rules;
	const struct str *sets, *defaults; /* NAME=VALUE; --set, --default */
	struct text_params convert;
	struct str from;         /* a mailbox; absent: made for the course */
	struct str from_address; /* of that mailbox */
	struct str reply_to, sender; /* mailboxes */
	struct str why, base_url;    /* absent: by the record */
	struct str envelope_sender;  /* absent: the From address */
	const struct verp *verp;     /* of each recipient its own; or NULL */
	const unsigned char *verp_secret; /* VERP_KEY bytes */
	const struct compose_header *headers;
	int policy;   /* of addr_parse() */
	bool optout;  /* false: for staff and the sender only */
	bool lenient; /* accept a lack of opt-out link or postal address */
	bool test;    /* with links that change nothing */
	struct str optout_url, optout_mailto;
	const struct token_keys *keys;
	const struct multipart_part *images;
	/* Makes the parts of a record's files, 0 or -1; NULL: no files. */
	int (*attach)(void *ctx, const struct template_data *, struct arena *,
	    const struct multipart_part **, size_t *count, struct fail *);
	void *attach_ctx;
	const struct str *more_content; /* further input of the fingerprint */
	size_t set_count, default_count, header_count, image_count, more_count;
	int64_t max_size, expires; /* bytes; ms since 1970; 0: no limit */
};

#endif
