/*
 * The header of a message, up to MIME-Version.
 */
#ifndef MAIL_MIME_MESSAGE_HEADER_H
#define MAIL_MIME_MESSAGE_HEADER_H

#include <stdint.h>

#include "base/buf.h"
#include "base/fail.h"

/* Clean UTF-8 all; absent ones leave their field out. */
struct message_header {
	int64_t date; /* ms since 1970 */
	struct str from_name, from_address, from_domain;
	struct str fixed; /* whole fields that are the same for everybody */
	struct str to_name, to_address;
	struct str subject;
	struct str ident; /* left side of the Message-ID */
	struct str email_id, course_id, course_title;
	struct str optout_url, optout_mailto; /* URIs */
	struct str more;                      /* whole fields of this record */
};

/* Append the fields. DATA when a line, a field or all would be too long. */
int message_header_put(
    struct buf *, const struct message_header *, struct fail *);

/*
 * Append the extra field NAME with a clean value; what may not be encoded
 * (everything but Comments, Keywords, Organization, X-...) must be ASCII.
 * DATA.
 */
int message_header_put_extra(
    struct buf *, const char *name, struct str value, struct fail *);

/*
 * May --header set this field? A name that is no field name, one that we
 * write ourselves and one that is not on the list are SYSTEM.
 */
int message_header_check_name(const char *name, struct fail *);

#endif
