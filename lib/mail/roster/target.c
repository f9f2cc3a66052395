#include "mail/roster/target.h"

#include <string.h>

#include "base/near.h"
#include "base/utf8.h"

static const struct {
	const char *name; /* a value follows the colon */
	enum target_kind kind;
} kinds[] = {
    {"myself", TARGET_MYSELF},
    {"staff", TARGET_STAFF},
    {"learners", TARGET_LEARNERS},
    {"all", TARGET_ALL},
    {"cohort:", TARGET_COHORT},
    {"track:", TARGET_TRACK},
    {"user:", TARGET_USER},
    {"email:", TARGET_EMAIL},
};

#define COUNT (sizeof(kinds) / sizeof(kinds[0]))

static int
refuse_unknown(struct str text, struct fail *f)
{
	const char *colon = memchr(text.p, ':', text.n);
	struct near near = {.name = text};
	size_t i;

	if (colon != NULL)
		near.name.n = (size_t)(colon - text.p) + 1;
	for (i = 0; i < COUNT; i++)
		near_offer(&near, str_of(kinds[i].name));
	if (near.best.p != NULL)
		return fail_system(f,
		    "no target \"%.*s\"; did you mean \"%.*s\"?",
		    (int)utf8_cut(text, 100), text.p, (int)near.best.n,
		    near.best.p);
	return fail_system(f,
	    "no target \"%.*s\"; there are myself, staff, learners, all, "
	    "cohort:NAME, track:MODE, user:USERNAME and email:ADDRESS",
	    (int)utf8_cut(text, 100), text.p);
}

int
target_parse(struct target *t, struct str text, struct fail *f)
{
	size_t i;

	*t = (struct target){.text = text};
	for (i = 0; i < COUNT; i++) {
		size_t n = strlen(kinds[i].name);
		bool open = kinds[i].name[n - 1] == ':';

		if (open ? !str_starts(text, kinds[i].name)
			 : !str_is(text, kinds[i].name))
			continue;
		t->kind = kinds[i].kind;
		t->value = (struct str){text.p + n, text.n - n};
		if (open && t->value.n == 0)
			return fail_system(
			    f, "target \"%s\" needs a name", kinds[i].name);
		return 0;
	}
	return refuse_unknown(text, f);
}

bool
target_is_picked(const struct target *t)
{
	return t->kind == TARGET_MYSELF || t->kind == TARGET_USER ||
	       t->kind == TARGET_EMAIL;
}

static bool
has_id(const struct target *t, struct str id)
{
	size_t i;

	for (i = 0; i < t->id_count; i++) {
		if (str_eq(t->ids[i], id))
			return true;
	}
	return false;
}

static bool
has_person(const struct target *t, const struct target_person *s)
{
	switch (t->kind) {
	case TARGET_STAFF:
		return s->staff;
	case TARGET_LEARNERS:
		return s->enrolled && !s->staff;
	case TARGET_ALL:
		return s->enrolled || s->staff;
	case TARGET_COHORT:
		return s->enrolled && str_eq(s->cohort, t->value);
	case TARGET_TRACK:
		return s->enrolled && !s->staff && str_eq(s->mode, t->value);
	case TARGET_MYSELF:
	case TARGET_USER:
	case TARGET_EMAIL:
		break;
	}
	return has_id(t, s->user_id);
}

/* The last login does not matter for staff and for picked people. */
static bool
wants_recent(const struct target *t, const struct target_person *s)
{
	switch (t->kind) {
	case TARGET_LEARNERS:
	case TARGET_COHORT:
	case TARGET_TRACK:
		return true;
	case TARGET_ALL:
		return !s->staff;
	case TARGET_STAFF:
	case TARGET_MYSELF:
	case TARGET_USER:
	case TARGET_EMAIL:
		break;
	}
	return false;
}

enum target_answer
target_ask(const struct target *t, const struct target_person *s)
{
	if (!has_person(t, s))
		return TARGET_NO;
	if (!s->active && t->kind != TARGET_MYSELF)
		return TARGET_INACTIVE;
	if (!s->recent && wants_recent(t, s))
		return TARGET_NOT_RECENT;
	return TARGET_YES;
}

struct str
target_why(const struct target *t, const struct target_person *s)
{
	switch (t->kind) {
	case TARGET_STAFF:
		return STR("staff");
	case TARGET_LEARNERS:
		return STR("learner");
	case TARGET_ALL:
		return s->staff ? STR("staff") : STR("learner");
	case TARGET_COHORT:
	case TARGET_TRACK:
	case TARGET_MYSELF:
	case TARGET_USER:
	case TARGET_EMAIL:
		break;
	}
	return t->text;
}
