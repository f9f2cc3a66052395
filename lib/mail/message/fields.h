/*
 * The merge fields of a record: its own members, the mailing's constants and
 * what is worked out for it. Later objects hide earlier ones, so no record
 * can replace the opt-out link or the postal address.
 */
#ifndef MAIL_MESSAGE_FIELDS_H
#define MAIL_MESSAGE_FIELDS_H

#include "base/arena.h"
#include "base/json.h"
#include "mail/record/recipient.h"
#include "mail/template/template.h"

#define FIELDS_OBJECTS 3
#define FIELDS_MAX 16 /* members of one object */

/* What is the same for the whole mailing; p == NULL where there is none. */
struct fields_constants {
	struct str email_id;
	struct str platform_name;
	struct str postal_address;
	struct str from_address;
	const struct json_object *set; /* --set; or NULL */
};

struct fields {
	struct json_object own; /* that none can hide */
	const struct json_object *objects[FIELDS_OBJECTS];
	struct template_data data;
};

/* Everything lives in the arena; the record must live as long. */
void fields_init(struct fields *, const struct fields_constants *,
    const struct recipient *, struct arena *);

/* One more of those that none can hide, e.g. the subject. */
void fields_add(
    struct fields *, const char *name, struct str value, struct arena *);

/* Is the name one of those? Then --set may not use it. */
bool fields_is_own(const char *name);

#endif
