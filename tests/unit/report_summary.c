/* A mailing in one sentence. */
#include "mail/report/report_summary.h"

#include "unit.h"

static const struct {
	const char *state;
	long long planned, unplanned;
	long long by[REPORT_STATES]; /* sent failed deferred doubt skipped */
	const char *want;
} cases[] = {
    {"open", 1991, 0, {1990, 1}, "complete: 1,990 of 1,991 have it, 1 failed"},
    {"open", 3, 0, {3}, "complete: 3 of 3 have it"},
    {"open", 3, 1, {4}, "complete: 4 of 4 have it"},
    {"open", 5, 0, {1, 1, 0, 1, 1},
	"not complete: 1 of 5 have it, 1 failed, 1 in doubt, 1 skipped, 1 not "
	"started"},
    {"open", 1991, 0, {351},
	"not complete: 351 of 1,991 have it, 1,640 not started"},
    {"open", 2, 0, {1, 0, 1}, "not complete: 1 of 2 have it, 1 deferred"},
    {"open", 2, 0, {1, 0, 0, 0, 0, 1},
	"not complete: 1 of 2 have it, 1 in progress"},
    {"open", 7, 0, {0}, "not complete: 0 of 7 have it, 7 not started"},
    {"open", 0, 0, {0}, "complete: 0 of 0 have it"},
    {"open", -1, -1, {46}, "46 of an unknown total have it"},
    {"open", -1, -1, {46, 2}, "46 of an unknown total have it, 2 failed"},
    {"cancelled", 469, 0, {100},
	"cancelled: 100 of 469 have it, 369 not started"},
    {"held", -1, -1, {100}, "held: 100 of an unknown total have it"},
};

int
main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct report r = {.state = str_of(cases[i].state),
		    .is_stopped = strcmp(cases[i].state, "open") != 0,
		    .planned = cases[i].planned,
		    .unplanned = cases[i].unplanned};
		struct buf b = {0};

		for (int s = 0; s < REPORT_STATES; s++) {
			r.all.by[s] = cases[i].by[s];
			r.all.total += cases[i].by[s];
		}
		report_summary(&b, &r);
		same(buf_str(&b), cases[i].want, cases[i].want);
		buf_free(&b);
	}
	return unit_end();
}
