#include "mail/report/report_doubt.h"

#include <string.h>

/* The class of doubt, which is appended if no row has it. */
static struct report_class *
find_doubt(struct report *r, struct arena *a)
{
	static const char class[] = "no_reply";
	struct report_class *more;

	for (size_t i = 0; i < r->class_count; i++) {
		if (r->classes[i].state == REPORT_IN_DOUBT &&
		    str_is(r->classes[i].class, class))
			return &r->classes[i];
	}
	more = arena_alloc(a, (r->class_count + 1) * sizeof(*more));
	if (r->class_count > 0)
		memcpy(more, r->classes, r->class_count * sizeof(*more));
	r->classes = more;
	more += r->class_count++;
	*more = (struct report_class){REPORT_IN_DOUBT, str_of(class), 0};
	return more;
}

void
report_doubt(struct report *r, struct arena *a)
{
	long long missing = report_missing(r);

	if (!r->uncertain || missing == 0)
		return;
	report_group_add(&r->all, REPORT_IN_DOUBT, missing);
	find_doubt(r, a)->count += missing;
}
