/*
 * The merge fields of a record: its members, --default where they have no
 * value, the fields of --set, and fields of the mailing. Later objects hide
 * earlier ones, so no record can replace the opt-out link or the postal
 * address.
 */
#ifndef MAIL_MESSAGE_FIELDS_H
#define MAIL_MESSAGE_FIELDS_H

#include "base/arena.h"
#include "base/json.h"
#include "mail/message/layout_words.h"
#include "mail/record/recipient.h"
#include "mail/template/template.h"

#define FIELDS_OBJECTS 4
#define FIELDS_MAX 24 /* members of one object */

/* Fields of the whole mailing; p == NULL: the mailing lacks the field. */
struct fields_constants {
	struct str email_id;
	struct str platform_name;
	struct str postal_address;
	struct str from_address;
	struct str why; /* the reason of all; else the record tells it */
	const struct json_object *set;      /* --set; or NULL */
	const struct json_object *defaults; /* --default; or NULL */
};

struct fields {
	struct json_object own;      /* fields of the mailing */
	struct json_object defaults; /* those that this record needs */
	const struct json_object *objects[FIELDS_OBJECTS];
	struct template_data data;
	const struct layout_words *words; /* of the language */
};

/* The fields live in the arena and borrow from the recipient. */
void fields_init(struct fields *, const struct fields_constants *,
    const struct recipient *, struct arena *);

/* Add one more field of the mailing, such as the subject. */
void fields_add(
    struct fields *, const char *name, struct str value, struct arena *);

/* True for a field of the mailing, which --set must not set. */
bool fields_is_own(const char *name);

/* The name of such a field, counted from 0; NULL behind the last. */
const char *fields_own_name(size_t i);

#endif
