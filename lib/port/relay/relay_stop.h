/*
 * A stop: what a relay has refused, how far that reaches, and until when.
 */
#ifndef PORT_RELAY_RELAY_STOP_H
#define PORT_RELAY_RELAY_STOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "mail/smtp/stop_scope.h"

/* The strings are borrowed. account: the login name, or "". */
struct relay_stop {
	struct str relay, account; /* account "" for STOP_SCOPE_RELAY */
	enum stop_scope scope;
	/* The domain in lower case, the mailing's id, the sender; or "". */
	struct str key;
	struct str content; /* of a mailing: another text is not stopped */
	/* Why: of the outcome (bm-records.5). */
	struct str class, stage, enhanced, reply;
	int code;
	int64_t at, until; /* ms since 1970; until 0: no end */
	bool passing;      /* not kept: the next run tries again */
	bool local;        /* a setting or file of ours is the cause */
};

/*
 * Append a sentence without its full stop: what is refused since when, with the
 * relay's words, and the remedy.
 */
void relay_stop_describe(struct buf *, const struct relay_stop *);

#endif
