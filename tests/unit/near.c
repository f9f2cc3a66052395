#include "base/near.h"

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
	return unit_end();
}
