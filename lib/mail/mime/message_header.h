/*
 * The header of a message, up to MIME-Version.
 */
#ifndef MAIL_MIME_MESSAGE_HEADER_H
#define MAIL_MIME_MESSAGE_HEADER_H

#include <stdint.h>

#include "base/buf.h"
#include "base/fail.h"

/* All clean UTF-8; the field of an absent member is left out. */
struct message_header {
	int64_t date; /* ms since 1970 */
	struct str from_name, from_address, from_domain;
	struct str fixed; /* whole fields, the same for all recipients */
	struct str to_name, to_address;
	struct str subject;
	struct str ident; /* left side of the Message-ID */
	struct str email_id, course_id, course_title;
	struct str optout_url, optout_mailto; /* URIs */
	struct str more;                      /* whole fields of this record */
};

/* Append the fields. DATA if a line, a field or the whole is too long. */
int message_header_put(
    struct buf *, const struct message_header *, struct fail *);

/*
 * Append one more field with a clean value. Only Comments, Keywords,
 * Organization and X-... may be encoded; DATA for another field whose value
 * is not ASCII.
 */
int message_header_put_extra(
    struct buf *, const char *name, struct str value, struct fail *);

/*
 * 0 if --header may set this field. SYSTEM for an invalid field name, and for
 * a field that is not on the list of allowed fields.
 */
int message_header_check_name(const char *name, struct fail *);

#endif
