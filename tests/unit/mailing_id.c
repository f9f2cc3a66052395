/* Ids of mailings; those wanted were made by tr(1), cut(1) and sha256sum(1). */
#include "mail/record/mailing_id.h"

#include "unit.h"

static const struct {
	const char *subject, *want;
} cases[] = {
    {"Week 3 is open", "week-3-is-open-a4ac6cfa"},
    {"  !! \xc3\x9c"
     "ber-Week: 3 ",
	"ber-week-3-3df73ce4"},
    {"", "mailing-0de9b6f7"},
    {"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", "mailing-3d7ab800"},
    {"A very long subject that is longer than forty bytes, by far",
	"a-very-long-subject-that-is-longer-than-44c8a2ba"},
    {"aaaaaaaaaabbbbbbbbbbccccccccccddddddddd-x",
	"aaaaaaaaaabbbbbbbbbbccccccccccddddddddd-f471d3b6"},
    {"It's $5 & \"more\"", "it-s-5-more-a3ae1407"},
};

int
main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf id = {0};

		mailing_id_make(&id, STR("course-v1:UniX+CS101+2026"),
		    str_of(cases[i].subject));
		same(buf_str(&id), cases[i].want, cases[i].subject);
		buf_free(&id);
	}
	return unit_end();
}
