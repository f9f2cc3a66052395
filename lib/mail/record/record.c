#include "mail/record/record.h"

#include "base/ascii.h"
#include "base/json_get.h"
#include "base/json_put.h"
#include "base/num.h"

#define EMAIL_ID_MAX 64
#define COURSE_ID_MAX 255
#define USER_ID_MAX 255

static bool
has_control(struct str s)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return true;
	}
	return false;
}

static bool
is_id_char(char c)
{
	return ascii_is_alnum(c) || c == '.' || c == '_' || c == '-';
}

int
record_check_email_id(struct str id, struct fail *f)
{
	size_t i;

	if (id.n == 0)
		return fail_data(f, "the email id is empty");
	if (id.n > EMAIL_ID_MAX)
		return fail_data(f, "the email id is longer than %d characters",
		    EMAIL_ID_MAX);
	if (id.p[0] == '.' || id.p[0] == '-')
		return fail_data(f, "the email id begins with '%c'", id.p[0]);
	for (i = 0; i < id.n; i++) {
		if (!is_id_char(id.p[i]))
			return fail_data(f,
			    "the email id has a character other than letters, "
			    "digits, '.', '_' and '-'");
	}
	return 0;
}

int
record_check_course_id(struct str id, struct fail *f)
{
	if (id.n == 0)
		return fail_data(f, "the course id is empty");
	if (id.n > COURSE_ID_MAX)
		return fail_data(
		    f, "the course id is longer than %d bytes", COURSE_ID_MAX);
	if (has_control(id))
		return fail_data(f, "the course id has a control character");
	return 0;
}

static int
check_user_id(struct str id, struct fail *f)
{
	if (id.n > USER_ID_MAX)
		return fail_data(
		    f, "\"user_id\" is longer than %d bytes", USER_ID_MAX);
	if (has_control(id))
		return fail_data(f, "\"user_id\" has a control character");
	return 0;
}

int
record_get_string(struct str *out, const struct json_object *o,
    const char *name, struct arena *a, struct fail *f)
{
	const struct json_value *v = json_get(o, name);

	*out = (struct str){0};
	if (v == NULL || v->type == JSON_NULL)
		return 0;
	if (v->type != JSON_STRING)
		return fail_data(f, "\"%s\" is not a string", name);
	*out = json_get_decoded(*v, a);
	return 0;
}

int
record_need_string(struct str *out, const struct json_object *o,
    const char *name, struct arena *a, struct fail *f)
{
	if (record_get_string(out, o, name, a, f) < 0)
		return -1;
	if (out->p == NULL)
		return fail_data(f, "\"%s\" is missing", name);
	if (out->n == 0)
		return fail_data(f, "\"%s\" is empty", name);
	return 0;
}

static bool
is_integer(struct str raw)
{
	size_t i = raw.n > 1 && raw.p[0] == '-' ? 1 : 0;

	for (; i < raw.n; i++) {
		if (raw.p[i] < '0' || raw.p[i] > '9')
			return false;
	}
	return true;
}

int
record_get_user_id(struct str *out, const struct json_object *o,
    struct arena *a, struct fail *f)
{
	const struct json_value *v = json_get(o, "user_id");

	*out = (struct str){0};
	if (v == NULL || v->type == JSON_NULL)
		return 0;
	if (v->type == JSON_STRING)
		*out = json_get_decoded(*v, a);
	else if (v->type == JSON_NUMBER && is_integer(v->raw))
		*out = v->raw;
	else
		return fail_data(f, "\"user_id\" is no string or integer");
	if (out->n == 0)
		*out = (struct str){0};
	return check_user_id(*out, f);
}

bool
record_user_id_is_number(const struct json_object *o)
{
	const struct json_value *v = json_get(o, "user_id");

	return v != NULL && v->type == JSON_NUMBER;
}

void
record_put_user_id(struct buf *b, struct str id, bool is_number)
{
	if (is_number)
		json_put_raw(b, "user_id", id);
	else
		json_put(b, "user_id", id);
}

void
record_put_time(struct buf *b, const char *name, int64_t ms)
{
	json_put_name(b, name);
	if (ms == 0) {
		buf_adds(b, "null");
		return;
	}
	buf_addc(b, '"');
	num_rfc3339(b, ms);
	buf_addc(b, '"');
}
