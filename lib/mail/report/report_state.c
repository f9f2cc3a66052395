#include "mail/report/report_state.h"

static const char *const names[REPORT_STATES] = {
    "sent", "failed", "deferred", "in_doubt", "skipped", "claimed"};

static const char *const labels[REPORT_STATES] = {
    "sent", "failed", "deferred", "in doubt", "skipped", "in progress"};

const char *
report_state_name(enum report_state state)
{
	return names[state];
}

const char *
report_state_label(enum report_state state)
{
	return labels[state];
}

int
report_state_parse(struct str name)
{
	for (int i = 0; i < REPORT_STATES; i++) {
		if (str_is(name, names[i]))
			return i;
	}
	return -1;
}
