#include "base/near.h"
#include "mail/roster/near_address.h"

#include <string.h>

#include "base/str.h"
#include "unit.h"

#define COURSE "course-v1:UniX+CS101+2026"

static const struct {
	const char *name, *offers, *want;
} cases[] = {
    {"lerners", "staff learners all", "learners"},
    {"LEARNERS", "staff learners all", "learners"},
    {"elarners", "staff learners all", "learners"},
    {"learn", "staff learners all", "learners"},
    {"nobody", "staff learners all", ""},
    {"ab", "cd ac", "ac"},
    {"ab", "x", ""},
    {"CS101", "course-v1:UniX+CS102+2026 " COURSE, COURSE},
    {"cs101", COURSE, COURSE},
    {"course-v1:UniX+CS101+2027", "xcourse-v1:UniX+CS101+2027x " COURSE,
	COURSE},
    {"CS", COURSE, ""},
    {"x" COURSE "x", "CS101", ""},
    {"", COURSE, ""},
    {COURSE, "", ""},
    {"wek3", "week3 week4", "week3"},
};

/* The unknown address, those of a roster, and the nearest of them in order. */
static const struct {
	const char *key, *offers, *want;
} addresses[] = {
    {"bbo@uni-a.edu", "ada@uni-a.edu bob@uni-a.edu", "bob@uni-a.edu"},
    {"ada@uni-a.edu", "eve@uni-a.edu zoe@uni-a.edu", ""},
    {"ada@unia.edu", "ada@uni-a.edu", "ada@uni-a.edu"},
    {"ada@gmial.com", "ada@gmail.com adb@gmail.com",
	"ada@gmail.com adb@gmail.com"},
    {"ada@gmail.com", "bob@uni-a.edu ada@uni-a.edu", "ada@uni-a.edu"},
    {"ad@gmail.com", "ad@uni-a.edu", ""},
    {"ada.lovelace@u.edu", "ada.lovlace@u.edu ada.lovelac@u.edu bob@u.edu",
	"ada.lovlace@u.edu ada.lovelac@u.edu"},
    {"user1@u.edu", "user22@u.edu user2@u.edu user3@u.edu user4@u.edu",
	"user2@u.edu user3@u.edu user4@u.edu"},
    {"x@u.edu", "y@u.edu", ""},
    {"", "y@u.edu", ""},
    {"no-at", "no-at no-att", "no-at no-att"},
    {"ada@u.edu", "sha256:00 @", ""},
};

static void
test_addresses(void)
{
	struct arena *arena = arena_new();

	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		struct near_address near = {
		    .key = str_of(addresses[i].key), .arena = arena};
		struct str all = str_of(addresses[i].offers);
		char got[200] = "";

		while (all.n > 0)
			near_address_offer(&near, str_take(&all, STR(" ")));
		for (size_t k = 0; k < near.count; k++)
			snprintf(got + strlen(got), sizeof(got) - strlen(got),
			    "%s%.*s", k > 0 ? " " : "", (int)near.found[k].n,
			    near.found[k].p);
		same(str_of(got), addresses[i].want, addresses[i].key);
	}
	arena_free(arena);
}

static struct str
find_nearest(const char *name, const char *offers)
{
	struct near near = {.name = str_of(name)};
	struct str all = str_of(offers);

	while (all.n > 0)
		near_offer(&near, str_take(&all, STR(" ")));
	return near.best;
}

int
main(void)
{
	static char longer[300];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		same(find_nearest(cases[i].name, cases[i].offers),
		    cases[i].want, cases[i].name);
	memset(longer, 'a', sizeof(longer) - 1);
	same(find_nearest(longer, longer), "", "a very long name");
	same(find_nearest("aaaa", longer), "", "a very long offer");
	test_addresses();
	return unit_end();
}
