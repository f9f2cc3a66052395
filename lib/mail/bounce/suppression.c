#include "mail/bounce/suppression.h"

/* An outage is over when another mailing hears the same a day later. */
static bool
is_heard_again(const struct suppression_bounce *all, size_t count, size_t which)
{
	for (size_t i = 0; i < count; i++) {
		int64_t apart = all[i].at - all[which].at;

		if (all[i].hard &&
		    !str_eq(all[i].email_id, all[which].email_id) &&
		    (apart < 0 ? -apart : apart) >= SUPPRESSION_AGAIN_AFTER)
			return true;
	}
	return false;
}

enum suppression
suppression_judge(
    const struct suppression_bounce *all, size_t count, int64_t success)
{
	size_t i, soft = 0;
	int64_t first = 0;

	for (i = 0; i < count; i++) {
		if (all[i].hard &&
		    (!all[i].outage || is_heard_again(all, count, i)))
			return SUPPRESSION_HARD;
		if (all[i].at <= success)
			continue;
		if (soft++ == 0)
			first = all[i].at;
		if (soft >= SUPPRESSION_SOFT_COUNT &&
		    all[i].at - first >= SUPPRESSION_SOFT_SPAN)
			return SUPPRESSION_SOFT;
	}
	return SUPPRESSION_NONE;
}

bool
suppression_find_outage(const int64_t *at, size_t hard, long long recipients,
    int64_t *first, int64_t *last)
{
	bool found = false;
	size_t begin = 0;

	for (size_t end = 0; end < hard; end++) {
		long long count;

		while (at[end] - at[begin] > SUPPRESSION_OUTAGE_SPAN)
			begin++;
		count = (long long)(end - begin) + 1;
		if (count <= SUPPRESSION_OUTAGE_COUNT ||
		    count * 2 <= recipients)
			continue;
		if (!found)
			*first = at[begin];
		*last = at[end];
		found = true;
	}
	return found;
}

const char *
suppression_name(enum suppression s)
{
	return s == SUPPRESSION_HARD   ? "hard"
	       : s == SUPPRESSION_SOFT ? "soft"
				       : NULL;
}
