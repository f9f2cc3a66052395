/*
 * What the audience says of a recipient: emitted, or the check that it fails.
 */
#ifndef PORT_ROSTER_AUDIENCE_VERDICT_H
#define PORT_ROSTER_AUDIENCE_VERDICT_H

enum audience_verdict {
	AUDIENCE_EMITTED,
	AUDIENCE_INACTIVE,
	AUDIENCE_LAST_LOGIN,
	AUDIENCE_EXCLUDED,
	AUDIENCE_OPTED_OUT,
	AUDIENCE_SUPPRESSED, /* for bounces */
	AUDIENCE_INVALID,
	AUDIENCE_DUPLICATE,
	AUDIENCE_LEDGER,
	AUDIENCE_OVER_LIMIT,
	AUDIENCE_VERDICTS,
};

/* As in the counts: "emitted", "inactive" ... */
const char *audience_verdict_name(enum audience_verdict);

#endif
