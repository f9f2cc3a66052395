#include "mail/record/recipient.h"

#include "mail/record/record.h"

int
recipient_parse(
    struct recipient *r, struct str line, struct arena *a, struct fail *f)
{
	const struct json_object *o = &r->all;

	*r = (struct recipient){0};
	if (json_parse(&r->all, line, a, f) < 0)
		return -1;
	if (record_need_string(&r->email, o, "email", a, f) < 0 ||
	    record_get_string(&r->name, o, "name", a, f) < 0 ||
	    record_get_user_id(&r->user_id, o, a, f) < 0 ||
	    record_get_string(&r->username, o, "username", a, f) < 0 ||
	    record_get_string(&r->course_id, o, "course_id", a, f) < 0 ||
	    record_get_string(&r->course_title, o, "course_title", a, f) < 0 ||
	    record_get_string(&r->course_url, o, "course_url", a, f) < 0 ||
	    record_get_string(&r->why, o, "why", a, f) < 0)
		return -1;
	if (r->course_id.p != NULL)
		return record_check_course_id(r->course_id, f);
	return 0;
}
