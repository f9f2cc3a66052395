/*
 * Inside of compose: what is made once for the whole mailing, and the message
 * of a record.
 */
#ifndef MAIL_MESSAGE_COMPOSE_SETUP_H
#define MAIL_MESSAGE_COMPOSE_SETUP_H

#include "base/buf.h"
#include "base/json.h"
#include "mail/message/compose.h"
#include "mail/message/fields.h"
#include "mail/message/fingerprint.h"

struct compose {
	struct compose_params params;
	struct arena *arena; /* lives as long as the compose */

	struct source body;        /* keywords expanded */
	struct template *original; /* the Markdown of the body; or NULL */
	struct template *subject;
	struct template *html;
	struct template *alone; /* the body without its layout; or NULL */
	struct template **headers;
	struct text_part *plain;
	struct str whole; /* layout and body as one source; or p == NULL */
	bool placed;      /* the layout has a place for the body */

	struct fields_constants constants;
	struct json_object set;
	struct str *sorted_sets;

	struct addr from;
	struct str from_name; /* p == NULL: made for the course */
	struct buf fixed;     /* header fields that never change */

	/* Of the first record; the others must agree. */
	struct str course_id;
	/* Of the last record; the content is made anew when it changes. */
	struct buf display;
	char content[FINGERPRINT_HEX + 1];

	struct buf subject_out, html_out, text_out, message_out, head_out;
	struct buf url, mailto;
};

/* p == NULL when nothing has been written. */
static inline struct str
compose_written(const struct buf *b)
{
	return b->len > 0 ? buf_str(b) : (struct str){0};
}

/* Compile and check everything. SYSTEM. */
int compose_setup(struct compose *, struct fail *);

/* The message, of bodies, subject and links that are made. DATA. */
int compose_message(struct compose *, const struct recipient *,
    const struct addr *to, const struct fields *, int64_t now, struct arena *,
    struct composed *, struct fail *);

#endif
