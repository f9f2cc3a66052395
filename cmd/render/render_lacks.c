#include "render/render_lacks.h"

#include <stdlib.h>
#include <string.h>

#include "base/columns.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/program.h"
#include "mail/message/fields.h"
#include "render/render.h"

#define NAMED 3 /* records for each field */

/* A field that records have lacked. */
struct lack {
	struct str field, first;
	const char *reason; /* of the first record: the tag's place, and why */
	bool is_known;      /* some record has the name */
	long long count;
	const char *held[NAMED]; /* lines that may turn out to be one error */
	size_t held_count;
};

struct render_lacks {
	struct filter *filter;
	struct arena *arena;
	struct str *names; /* of the members of all records, and of --set */
	size_t name_count, given; /* given before the first record */
	struct lack *lacks;
	size_t lack_count;
	bool told; /* the remedies */
};

static void
add_name(struct render_lacks *l, struct str name)
{
	l->names = mem_grow(l->names, l->name_count + 1, sizeof(*l->names));
	l->names[l->name_count++] = arena_str(l->arena, name);
}

/* Records have their members in one order, so the guess is nearly always
 * right. */
static bool
has_name(const struct render_lacks *l, struct str name, size_t guess)
{
	if (guess < l->name_count && str_eq(l->names[guess], name))
		return true;
	for (size_t i = 0; i < l->name_count; i++) {
		if (str_eq(l->names[i], name))
			return true;
	}
	return false;
}

struct render_lacks *
render_lacks_new(
    struct filter *filter, const struct str *sets, size_t set_count)
{
	/* bm-recipients leaves them out where they have no value. */
	static const char *const known[] = {"name", "user_id", "username",
	    "course_title", "course_url", "language", "why"};
	struct render_lacks *l = mem_new(sizeof(*l));

	l->filter = filter;
	l->arena = arena_new();
	for (size_t i = 0; i < set_count; i++) {
		const char *end = memchr(sets[i].p, '=', sets[i].n);

		if (end != NULL)
			add_name(l,
			    (struct str){sets[i].p, (size_t)(end - sets[i].p)});
	}
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		add_name(l, str_of(known[i]));
	l->given = l->name_count;
	return l;
}

void
render_lacks_free(struct render_lacks *l)
{
	arena_free(l->arena);
	free(l->names);
	free(l->lacks);
	free(l);
}

/* What can be done, once: it is the same for every field. */
static void
tell_remedies(struct render_lacks *l, struct str field)
{
	struct buf b = {0};

	if (l->told)
		return;
	l->told = true;
	buf_printf(&b,
	    "a value for such people: --default %.*s=TEXT; none: --missing "
	    "empty, or "
	    "{{#%.*s}}...{{%.*s}}...{{/%.*s}} in the template",
	    (int)field.n, field.p, (int)field.n, field.p, (int)field.n, field.p,
	    (int)field.n, field.p);
	filter_note(l->filter, buf_cstr(&b));
	buf_free(&b);
}

static void
release_held(struct render_lacks *l, struct lack *k)
{
	for (size_t i = 0; i < k->held_count; i++)
		filter_note(l->filter, k->held[i]);
	if (k->held_count > 0)
		tell_remedies(l, k->field);
	k->held_count = 0;
}

void
render_lacks_see(struct render_lacks *l, const struct json_object *record)
{
	for (size_t i = 0; i < record->count; i++) {
		struct str name = record->members[i].name;

		if (has_name(l, name, l->given + i))
			continue;
		add_name(l, name);
		for (size_t k = 0; k < l->lack_count; k++) {
			if (!str_eq(l->lacks[k].first, name))
				continue;
			l->lacks[k].is_known = true;
			release_held(l, &l->lacks[k]);
		}
	}
}

static struct lack *
find_lack(
    struct render_lacks *l, const struct template_lack *t, const struct fail *f)
{
	struct str field = str_of(t->field), first = {t->field, t->first};
	struct lack *k;

	for (size_t i = 0; i < l->lack_count; i++) {
		if (str_eq(l->lacks[i].field, field))
			return &l->lacks[i];
	}
	l->lacks = mem_grow(l->lacks, l->lack_count + 1, sizeof(*l->lacks));
	k = &l->lacks[l->lack_count++];
	*k = (struct lack){.field = arena_str(l->arena, field),
	    .first = arena_str(l->arena, first),
	    .reason = arena_printf(l->arena, "%s", f->text),
	    .is_known = t->nested || has_name(l, first, 0)};
	return k;
}

/* "ada <ada@uni.example>", "ada@uni.example (user 17)" */
static void
put_person(struct buf *b, const struct recipient *r)
{
	if (r->username.n > 0)
		buf_printf(b, "%.*s <%.*s>", (int)r->username.n, r->username.p,
		    (int)r->email.n, r->email.p);
	else
		buf_addstr(b, r->email);
	if (r->username.n == 0 && r->user_id.n > 0)
		buf_printf(b, " (user %.*s)", (int)r->user_id.n, r->user_id.p);
}

bool
render_lacks_report(struct render_lacks *l, const struct filter_record *record,
    const struct recipient *r, const struct template_lack *t,
    const struct fail *f)
{
	struct buf line = {0};
	struct lack *k;

	if (t->field == NULL || f->kind != FAIL_DATA || fields_is_own(t->field))
		return filter_report(l->filter, record, "render", "invalid", f);
	filter_raise(l->filter, fail_status(f));
	k = find_lack(l, t, f);
	if (k->count++ < NAMED) {
		buf_printf(&line, "%s:%lu: ", record->file, record->line);
		put_person(&line, r);
		buf_printf(&line, ": %s", f->text);
		k->held[k->held_count++] =
		    arena_printf(l->arena, "%s", buf_cstr(&line));
		buf_free(&line);
	}
	if (k->is_known)
		release_held(l, k);
	return filter_put_aside(
	    l->filter, record, "render", "invalid", f->text);
}

static void
put_number(struct buf *b, long long n, const char *one, const char *many)
{
	columns_group(b, n);
	buf_adds(b, n == 1 ? one : many);
}

/* The one error about a name that no record has. */
static void
tell_unknown(struct render_lacks *l, const struct lack *k)
{
	struct near near = {.name = k->first};
	struct buf b = {0};
	const char *own;

	for (size_t i = 0; i < l->name_count; i++)
		near_offer(&near, l->names[i]);
	for (size_t i = 0; (own = fields_own_name(i)) != NULL; i++)
		near_offer(&near, str_of(own));
	buf_printf(&b, "%s: no record of the run has it", k->reason);
	if (near.best.p != NULL)
		buf_printf(
		    &b, "; did you mean %.*s?", (int)near.best.n, near.best.p);
	buf_adds(&b, " (");
	put_number(
	    &b, k->count, " record is refused)", " records are refused)");
	filter_note(l->filter, buf_cstr(&b));
	if (near.best.p == NULL)
		tell_remedies(l, k->field);
	buf_free(&b);
}

void
render_lacks_finish(struct render_lacks *l)
{
	struct buf b = {0};

	for (size_t i = 0; i < l->lack_count; i++) {
		const struct lack *k = &l->lacks[i];

		if (!k->is_known) {
			tell_unknown(l, k);
			continue;
		}
		if (k->count <= NAMED)
			continue;
		buf_reset(&b);
		put_number(&b, k->count - NAMED, " more record lacks ",
		    " more records lack ");
		buf_printf(&b, "%.*s: --rejects FILE names them all",
		    (int)k->field.n, k->field.p);
		filter_note(l->filter, buf_cstr(&b));
	}
	buf_free(&b);
}
