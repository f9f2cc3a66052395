#include "import/import_guard.h"

#include "base/num.h"
#include "base/range.h"

/* Without --expect-removed, --sync removes the larger number at most. */
#define REMOVED_MIN 10     /* people */
#define REMOVED_PERCENT 10 /* of the rows */

/* Without --expect-changed. */
#define CHANGED_MIN 3     /* addresses */
#define CHANGED_PERCENT 5 /* of the rows */

/* People missing from a file that was cut short must keep their course. */
static int
check_removed(const struct import_args *args, const struct staging_diff *d,
    long long refused, long long missed, struct fail *f)
{
	struct range range = {0, d->rows > 0 ? REMOVED_MIN : 0};

	if (d->removed > 0 && refused > 0)
		return fail_data(f,
		    "nothing is changed: --sync would remove %lld people, but "
		    "%lld rows were refused",
		    d->removed, refused);
	if (d->removed > 0 && missed > 0)
		return fail_data(f,
		    "nothing is changed: --sync would remove %lld people, but "
		    "%lld addresses of the file are in another table, which "
		    "is left out",
		    d->removed, missed);
	if (args->expect_removed != NULL &&
	    range_parse(&range, str_of(args->expect_removed), f) < 0)
		return -1;
	if (args->expect_removed == NULL &&
	    range.max < d->rows * REMOVED_PERCENT / 100)
		range.max = d->rows * REMOVED_PERCENT / 100;
	if (range_has(&range, d->removed))
		return 0;
	return fail_system(f,
	    "nothing is changed: --sync would remove %lld people (say "
	    "--expect-removed %lld if that is right)",
	    d->removed, d->removed);
}

/* "N" is an upper bound here: an import without changes is none too few. */
static int
parse_changed(struct range *range, const struct import_args *args,
    long long rows, struct fail *f)
{
	struct str s = str_of(args->expect_changed);

	*range = (struct range){0, CHANGED_MIN};
	if (args->expect_changed == NULL) {
		if (range->max < rows * CHANGED_PERCENT / 100)
			range->max = rows * CHANGED_PERCENT / 100;
		return 0;
	}
	if (range_parse(range, s, f) < 0)
		return fail_prefix(f, "--expect-changed");
	if (range->min == range->max)
		range->min = 0;
	return 0;
}

/* A file of another system may give many ids another address. */
static int
check_changed(const struct import_args *args, const struct staging_diff *d,
    long long refused, struct fail *f)
{
	struct range range;

	if (parse_changed(&range, args, d->rows + refused, f) < 0)
		return -1;
	if (range_has(&range, d->moved))
		return 0;
	return fail_system(f,
	    "nothing is changed: %lld people would have another address, %s "
	    "than %lld (say --expect-changed %lld if that is right)",
	    d->moved, d->moved > range.max ? "more" : "fewer",
	    d->moved > range.max ? range.max : range.min, d->moved);
}

int
import_guard_check(const struct import_args *args, const struct staging_diff *d,
    long long refused, long long missed, struct fail *f)
{
	if (check_changed(args, d, refused, f) < 0)
		return -1;
	return args->sync ? check_removed(args, d, refused, missed, f) : 0;
}
