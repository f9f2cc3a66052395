#include "mail/record/journal_record.h"

#include <string.h>

#include "base/json.h"
#include "base/json_get.h"
#include "base/json_put.h"
#include "base/num.h"

static const char *const kind_names[] = {"intent", "outcome", "release"};

static void
put_outcome_members(struct buf *b, const struct outcome *o)
{
	json_put(b, "status", str_of(outcome_status_name(o->status)));
	json_put(b, "class", str_of(o->class));
	json_put(b, "stage", str_of(o->stage));
	json_put_int(b, "code", o->code);
	json_put(b, "enhanced", o->enhanced);
	json_put(b, "reply", o->reply);
	json_put(b, "queue_id", o->queue_id);
	json_put(b, "relay", o->relay);
	json_put_int(b, "ms", o->ms);
	json_put_int(b, "next_try", o->next_try);
	if (o->print != 0)
		json_put_int(b, "print", (int64_t)o->print);
}

void
journal_record_put(struct buf *b, const struct journal_record *f)
{
	buf_addc(b, '{');
	json_put(b, "fact", str_of(kind_names[f->kind]));
	json_put(b, "email_id", f->email_id);
	json_put(b, "key", f->key);
	json_put_int(b, "at", f->at);
	json_put_int(b, "attempt", f->attempt);
	if (f->course_id.p != NULL) {
		json_put(b, "course_id", f->course_id);
		json_put(b, "content", f->content);
		json_put(b, "subject", f->subject);
	}
	if (f->kind == JOURNAL_OUTCOME)
		put_outcome_members(b, &f->outcome);
	buf_adds(b, "}\n");
}

static void
copy_into(struct str *s, struct arena *a)
{
	if (s->p != NULL)
		*s = arena_str(a, *s);
}

void
journal_record_keep(struct journal_record *f, struct arena *a)
{
	struct outcome *o = &f->outcome;

	copy_into(&f->email_id, a);
	copy_into(&f->key, a);
	copy_into(&f->course_id, a);
	copy_into(&f->content, a);
	copy_into(&f->subject, a);
	if (f->kind != JOURNAL_OUTCOME)
		return;
	o->class = arena_dup(a, o->class, strlen(o->class));
	o->stage = arena_dup(a, o->stage, strlen(o->stage));
	copy_into(&o->enhanced, a);
	copy_into(&o->reply, a);
	copy_into(&o->queue_id, a);
	copy_into(&o->relay, a);
}

static int
get_integer(const struct json_object *o, const char *name, long long *out,
    struct fail *f)
{
	const struct json_value *v = json_get(o, name);

	if (v == NULL || v->type != JSON_NUMBER)
		return fail_data(f, "no number \"%s\"", name);
	return num_parse(v->raw, INT64_MIN, INT64_MAX, out, f);
}

static const char *
get_cstring(const struct json_object *o, const char *name, struct arena *a)
{
	struct str s = json_get_string(o, name, a);

	return arena_dup(a, s.p, s.n);
}

static int
parse_outcome_members(struct outcome *out, const struct json_object *o,
    struct arena *a, struct fail *f)
{
	int status = outcome_status_parse(json_get_string(o, "status", a));
	long long code, next_try, print;

	if (status < 0)
		return fail_data(f, "no status");
	out->status = (enum outcome_status)status;
	out->class = get_cstring(o, "class", a);
	out->stage = get_cstring(o, "stage", a);
	out->enhanced = json_get_string(o, "enhanced", a);
	out->reply = json_get_string(o, "reply", a);
	out->queue_id = json_get_string(o, "queue_id", a);
	out->relay = json_get_string(o, "relay", a);
	if (get_integer(o, "code", &code, f) < 0 ||
	    get_integer(o, "ms", &out->ms, f) < 0 ||
	    get_integer(o, "next_try", &next_try, f) < 0)
		return -1;
	if (json_get(o, "print") != NULL) {
		if (get_integer(o, "print", &print, f) < 0)
			return -1;
		out->print = (uint64_t)print;
	}
	out->code = (int)code;
	out->next_try = next_try;
	return 0;
}

static int
parse_kind(enum journal_record_kind *kind, struct str name, struct fail *f)
{
	for (size_t i = 0; i < sizeof(kind_names) / sizeof(*kind_names); i++) {
		if (str_is(name, kind_names[i])) {
			*kind = (enum journal_record_kind)i;
			return 0;
		}
	}
	return fail_data(f, "no fact");
}

int
journal_record_parse(struct journal_record *out, struct str line,
    struct arena *a, struct fail *f)
{
	struct json_object o;
	long long at;

	*out = (struct journal_record){0};
	if (json_parse(&o, line, a, f) < 0 ||
	    parse_kind(&out->kind, json_get_string(&o, "fact", a), f) < 0 ||
	    get_integer(&o, "at", &at, f) < 0 ||
	    get_integer(&o, "attempt", &out->attempt, f) < 0)
		return -1;
	out->at = at;
	out->email_id = json_get_string(&o, "email_id", a);
	out->key = json_get_string(&o, "key", a);
	out->course_id = json_get_string(&o, "course_id", a);
	out->content = json_get_string(&o, "content", a);
	out->subject = json_get_string(&o, "subject", a);
	if (out->email_id.n == 0 || out->key.n == 0)
		return fail_data(f, "no email_id or key");
	if (out->kind == JOURNAL_OUTCOME)
		return parse_outcome_members(&out->outcome, &o, a, f);
	return 0;
}
