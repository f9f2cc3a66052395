#include "mail/record/plan.h"

#include <stdint.h>

#include "base/json.h"
#include "base/json_get.h"
#include "base/json_put.h"
#include "base/num.h"

static void
put_domains(struct buf *b, const struct plan *p)
{
	json_put_name(b, "domains");
	buf_addc(b, '{');
	for (size_t i = 0; i < p->domain_count; i++) {
		if (i > 0)
			buf_addc(b, ',');
		json_put_string(b, p->domains[i].name);
		buf_printf(b, ":%lld", p->domains[i].count);
	}
	buf_addc(b, '}');
}

static void
put_batches(struct buf *b, const struct plan *p)
{
	json_put_name(b, "batches");
	buf_addc(b, '[');
	for (size_t i = 0; i < p->batch_count; i++) {
		buf_adds(b, i > 0 ? ",{" : "{");
		json_put(b, "name", p->batches[i].name);
		json_put_int(b, "count", p->batches[i].count);
		json_put(b, "sha256", p->batches[i].sha256);
		buf_addc(b, '}');
	}
	buf_addc(b, ']');
}

void
plan_put(struct buf *b, const struct plan *p)
{
	buf_addc(b, '{');
	json_put(b, "email_id", p->email_id);
	json_put(b, "course_id", p->course_id);
	json_put(b, "content", p->content);
	json_put_int(b, "count", p->count);
	json_put(b, "keys_sha256", p->keys_sha256);
	put_domains(b, p);
	put_batches(b, p);
	buf_adds(b, "}\n");
}

static int
refuse_member(const char *name, struct fail *f)
{
	return fail_data(f, "not a plan: \"%s\" is missing or wrong", name);
}

static int
get_text(const struct json_object *o, const char *name, struct str *out,
    struct arena *a, struct fail *f)
{
	const struct json_value *v = json_get(o, name);

	*out = (struct str){0};
	if (v == NULL)
		return refuse_member(name, f);
	if (v->type == JSON_NULL)
		return 0;
	if (v->type != JSON_STRING)
		return refuse_member(name, f);
	*out = json_get_decoded(*v, a);
	return 0;
}

static int
get_number(const struct json_object *o, const char *name, long long *out,
    struct fail *f)
{
	const struct json_value *v = json_get(o, name);

	if (v == NULL || v->type != JSON_NUMBER ||
	    num_parse(v->raw, 0, INT64_MAX, out, f) < 0)
		return refuse_member(name, f);
	return 0;
}

static int
get_domains(const struct json_object *o, struct plan *p, struct arena *a,
    struct fail *f)
{
	const struct json_value *v = json_get(o, "domains");
	struct json_object all;

	if (v == NULL || v->type != JSON_OBJECT)
		return refuse_member("domains", f);
	json_get_members(*v, &all, a);
	p->domain_count = all.count;
	p->domains = arena_alloc(a, all.count * sizeof(*p->domains));
	for (size_t i = 0; i < all.count; i++) {
		p->domains[i].name = all.members[i].name;
		if (num_parse(all.members[i].value.raw, 0, INT64_MAX,
			&p->domains[i].count, f) < 0)
			return refuse_member("domains", f);
	}
	return 0;
}

static int
get_batch(
    struct json_value v, struct plan_batch *b, struct arena *a, struct fail *f)
{
	struct json_object o;

	if (v.type != JSON_OBJECT)
		return refuse_member("batches", f);
	json_get_members(v, &o, a);
	if (get_text(&o, "name", &b->name, a, f) < 0 ||
	    get_number(&o, "count", &b->count, f) < 0 ||
	    get_text(&o, "sha256", &b->sha256, a, f) < 0)
		return -1;
	return 0;
}

static int
get_batches(const struct json_object *o, struct plan *p, struct arena *a,
    struct fail *f)
{
	const struct json_value *v = json_get(o, "batches");
	struct json_value item;
	size_t at = 0, i = 0;

	if (v == NULL || v->type != JSON_ARRAY)
		return refuse_member("batches", f);
	while (json_get_next(*v, &at, &item))
		p->batch_count++;
	p->batches = arena_alloc(a, p->batch_count * sizeof(*p->batches));
	for (at = 0; json_get_next(*v, &at, &item); i++) {
		if (get_batch(item, &p->batches[i], a, f) < 0)
			return -1;
	}
	return 0;
}

int
plan_parse(struct plan *p, struct str text, struct arena *a, struct fail *f)
{
	struct json_object o;

	*p = (struct plan){0};
	if (json_parse(&o, text, a, f) < 0)
		return fail_prefix(f, "not a plan");
	if (get_text(&o, "email_id", &p->email_id, a, f) < 0 ||
	    get_text(&o, "course_id", &p->course_id, a, f) < 0 ||
	    get_text(&o, "content", &p->content, a, f) < 0 ||
	    get_number(&o, "count", &p->count, f) < 0 ||
	    get_text(&o, "keys_sha256", &p->keys_sha256, a, f) < 0)
		return -1;
	if (get_domains(&o, p, a, f) < 0)
		return -1;
	return get_batches(&o, p, a, f);
}

const struct plan_batch *
plan_find(const struct plan *p, struct str name)
{
	for (size_t i = 0; i < p->batch_count; i++) {
		if (str_eq(p->batches[i].name, name))
			return &p->batches[i];
	}
	return NULL;
}
