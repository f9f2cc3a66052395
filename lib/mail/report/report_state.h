/*
 * The states of a recipient of a mailing, as reports count them.
 */
#ifndef MAIL_REPORT_REPORT_STATE_H
#define MAIL_REPORT_REPORT_STATE_H

#include "base/str.h"

enum report_state {
	REPORT_SENT,
	REPORT_FAILED,
	REPORT_DEFERRED,
	REPORT_IN_DOUBT,
	REPORT_SKIPPED,
	REPORT_CLAIMED, /* claimed by a running process */
	REPORT_STATES,
};

/* As in records: "sent", "in_doubt", "claimed" ... */
const char *report_state_name(enum report_state);

/* As people read it: "sent", "in doubt", "in progress" ... */
const char *report_state_label(enum report_state);

/* The state of this name, or -1. */
int report_state_parse(struct str name);

#endif
