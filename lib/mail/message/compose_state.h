/*
 * Inside of compose: what is made once for the mailing, and buffers that the
 * messages share.
 */
#ifndef MAIL_MESSAGE_COMPOSE_STATE_H
#define MAIL_MESSAGE_COMPOSE_STATE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "mail/message/compose_params.h"
#include "mail/message/fields.h"
#include "mail/message/fingerprint.h"
#include "mail/mime/addr.h"

#define COMPOSE_PATHS 16 /* ways through the sections that are remembered */

struct compose {
	struct compose_params params;
	struct arena *arena; /* lives as long as the compose */

	struct source body;        /* keywords expanded */
	struct template *original; /* the Markdown of the body; or NULL */
	struct template *subject;
	struct template *html;
	struct template *alone; /* the body without its layout; or NULL */
	struct template **headers;
	struct text_part *text_part;
	bool placed; /* the layout has a place for the body */

	struct fields_constants constants;
	struct json_object set, defaults;
	struct str *sorted_sets, *sorted_defaults;

	struct addr from;
	struct str from_name; /* p == NULL: made for the course */
	struct buf fixed;     /* header fields that never change */

	/* Paths of markup in which the footer was seen; 0: none. */
	uint64_t seen_paths[COMPOSE_PATHS];
	size_t seen_count;
	struct str base; /* of relative links; p == NULL: not known */
	bool relative;   /* a record has had such links */

	struct str course_id; /* of the first record; the others must agree */

	/* Of the last record; made anew when the display name changes. */
	struct buf display;
	char content[FINGERPRINT_HEX + 1];

	/* Of the current record. */
	struct buf links_out; /* html_out with resolved links */
	struct buf subject_out, html_out, text_out, message_out, head_out;
	struct buf url, mailto;               /* the opt-out links */
	struct str optout_url, optout_mailto; /* p == NULL: not made */
};

#endif
