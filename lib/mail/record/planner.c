#include "mail/record/planner.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/json_get.h"
#include "base/map.h"
#include "base/mem.h"
#include "mail/mime/addr.h"
#include "mail/record/plan_keys.h"

/* Members that are equal in all records of a plan. */
enum common_member { EMAIL_ID, COURSE_ID, CONTENT, COMMONS };

static const char *const common_names[COMMONS] = {
    "email_id", "course_id", "content"};

struct planner {
	int policy;
	struct arena *arena; /* for the whole plan */
	bool has_common;
	struct str common[COMMONS];
	struct map *keys; /* of recipients; the values are not used */
	struct plan_batch *batches;
	size_t batch_count, batch_cap;
};

struct planner *
planner_new(int policy)
{
	struct planner *p = mem_new(sizeof(*p));

	p->policy = policy;
	p->arena = arena_new();
	p->keys = map_new(1);
	return p;
}

void
planner_free(struct planner *p)
{
	if (p == NULL)
		return;
	arena_free(p->arena);
	map_free(p->keys);
	free(p->batches);
	free(p);
}

static struct str
copy_str(struct planner *p, struct str s)
{
	if (s.p == NULL)
		return s;
	return arena_str(p->arena, s);
}

static int
compare_common(struct planner *p, const struct json_object *o, struct arena *a,
    struct fail *f)
{
	for (int i = 0; i < COMMONS; i++) {
		struct str s = json_get_string(o, common_names[i], a);

		if (!p->has_common)
			p->common[i] = copy_str(p, s);
		else if (!str_eq(s, p->common[i]))
			return fail_system(f,
			    "\"%s\" is another one than before: a plan is of "
			    "one mailing",
			    common_names[i]);
	}
	p->has_common = true;
	return 0;
}

int
planner_add(struct planner *p, const struct json_object *o, struct arena *a,
    struct fail *f)
{
	struct str email = json_get_string(o, "email", a);
	struct addr addr;

	if (email.p == NULL)
		return fail_data(f, "\"email\" is missing or no string");
	if (addr_parse(&addr, email, p->policy, a, f) < 0)
		return -1;
	if (compare_common(p, o, a, f) < 0)
		return -1;
	map_put(p->keys, addr.key);
	return 0;
}

void
planner_add_batch(
    struct planner *p, const char *name, long long count, const char *sha256)
{
	struct plan_batch *b;

	p->batches = mem_more(
	    p->batches, p->batch_count, &p->batch_cap, sizeof(*p->batches));
	b = &p->batches[p->batch_count++];
	b->name = copy_str(p, str_of(name));
	b->count = count;
	b->sha256 = copy_str(p, str_of(sha256));
}

static int
compare_keys(const void *a, const void *b)
{
	return str_order(*(const struct str *)a, *(const struct str *)b);
}

static int
compare_domains(const void *a, const void *b)
{
	return str_order(((const struct plan_domain *)a)->name,
	    ((const struct plan_domain *)b)->name);
}

static void
put_keys(struct planner *p, struct plan *plan, struct buf *out)
{
	size_t n = map_count(p->keys);
	struct str *sorted = mem_new(n * sizeof(*sorted));
	struct plan_keys *keys = plan_keys_new();
	struct buf hex = {0};

	for (size_t i = 0; i < n; i++)
		map_item(p->keys, i, &sorted[i]);
	if (n > 0)
		qsort(sorted, n, sizeof(*sorted), compare_keys);
	for (size_t i = 0; i < n; i++) {
		plan_keys_add(keys, sorted[i]);
		buf_addstr(out, sorted[i]);
		buf_addc(out, '\n');
	}
	plan_keys_finish(keys, &hex);
	plan->count = (long long)n;
	plan->keys_sha256 = copy_str(p, buf_str(&hex));
	buf_free(&hex);
	free(sorted);
}

static void
count_domains(struct planner *p, struct plan *plan)
{
	struct map *domains = map_new(sizeof(long long));

	for (size_t i = 0; i < map_count(p->keys); i++) {
		struct str key;

		map_item(p->keys, i, &key);
		++*(long long *)map_put(domains, str_behind(key, '@'));
	}
	plan->domain_count = map_count(domains);
	plan->domains =
	    arena_alloc(p->arena, plan->domain_count * sizeof(*plan->domains));
	for (size_t i = 0; i < plan->domain_count; i++) {
		struct str name;

		plan->domains[i].count =
		    *(long long *)map_item(domains, i, &name);
		plan->domains[i].name = copy_str(p, name);
	}
	map_free(domains);
	if (plan->domain_count > 0)
		qsort(plan->domains, plan->domain_count, sizeof(*plan->domains),
		    compare_domains);
}

void
planner_finish(struct planner *p, struct buf *b, struct buf *keys)
{
	struct plan plan = {.email_id = p->common[EMAIL_ID],
	    .course_id = p->common[COURSE_ID],
	    .content = p->common[CONTENT],
	    .batches = p->batches,
	    .batch_count = p->batch_count};

	put_keys(p, &plan, keys);
	count_domains(p, &plan);
	plan_put(b, &plan);
}
