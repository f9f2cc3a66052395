/*
 * A stop: what a relay has refused, how far that reaches, and until when.
 */
#ifndef PORT_RELAY_RELAY_STOP_H
#define PORT_RELAY_RELAY_STOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fail.h"
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

/* Which stops; an absent string stands for any, scope -1 also. */
struct relay_stop_choice {
	struct str relay, account; /* account also chooses its relay's stops */
	int scope;                 /* enum stop_scope */
	struct str key, class;
};

/* Called with a stop, borrowed; a result other than 0 ends the visit. */
typedef int relay_stop_fn(void *ctx, const struct relay_stop *, struct fail *);

/*
 * Append a sentence without its full stop: what is refused since when, with the
 * relay's words, and the remedy.
 */
void relay_stop_describe(struct buf *, const struct relay_stop *);

#endif
