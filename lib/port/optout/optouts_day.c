#include "port/optout/optouts_day.h"

#include "port/optout/optouts_ops.h"

#define DAY_MS 86400000

bool
optouts_day_is_link(struct str source)
{
	return str_is(source, "page") || str_is(source, "one-click") ||
	       str_is(source, "mail");
}

struct day {
	const struct optout *row;
	int count;
	bool same; /* the last row is a link's, of the day and of both names */
};

/* As an optout_fn. */
static int
count_row(void *ctx, const struct optout *o, struct fail *f)
{
	struct day *d = ctx;
	bool counts = optouts_day_is_link(o->source) &&
		      o->at / DAY_MS == d->row->at / DAY_MS;

	(void)f;
	d->count += counts;
	d->same = counts && str_eq(o->user_id, d->row->user_id) &&
		  str_eq(o->key, d->row->key);
	return 0;
}

int
optouts_day_is_full(
    struct optouts *r, const struct optout *row, bool *full, struct fail *f)
{
	const struct optouts_choice c = {.course_id = row->course_id,
	    .person = true,
	    .user_id = row->user_id,
	    .key = row->key};
	struct day d = {.row = row};

	*full = false;
	if (!optouts_day_is_link(row->source))
		return 0;
	if (r->ops->list(r, &c, count_row, &d, f) < 0)
		return -1;
	*full = d.same && d.count >= OPTOUTS_DAY_ROWS;
	return 0;
}
