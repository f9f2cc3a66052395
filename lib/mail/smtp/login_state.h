/*
 * The state of a login: of interest to others are state, reply and mechanism.
 */
#ifndef MAIL_SMTP_LOGIN_STATE_H
#define MAIL_SMTP_LOGIN_STATE_H

#include "mail/smtp/login_order.h"
#include "mail/smtp/reply.h"

/* The experience of the logins of a run; ready when zeroed. */
struct login_memory {
	bool is_proved; /* a login has succeeded with this mechanism */
	enum login_mechanism proved;
	bool unfit[LOGIN_MECHANISMS]; /* refused, or broken */
	bool bare[LOGIN_MECHANISMS];  /* takes no initial response */
	int refusals;                 /* 535 since the last success */
	bool is_stale; /* the caller gets a fresh token before the next login */
	unsigned tokens; /* the number of tokens that were refused */
};

enum login_state {
	LOGIN_TALKS,
	LOGIN_IN,
	LOGIN_LATER,  /* 4xx, or the reply is no SMTP */
	LOGIN_STALE,  /* the token was refused: a fresh one, a new connection */
	LOGIN_DENIED, /* no mechanism is left */
};

struct login {
	enum login_state state;
	struct reply reply; /* of LATER, STALE, DENIED; code 0: only a text */
	enum login_mechanism mechanism; /* the last one that was tried */

	const struct login_account *account;
	const struct login_order *order;
	struct login_memory *memory;
	bool renewable; /* the caller can get a fresh token */
	unsigned tokens;
	bool offered[LOGIN_MECHANISMS];
	int step;               /* responses sent to this mechanism */
	bool cancelled;         /* "*" is sent */
	struct reply refused;   /* the last 535 */
	struct buf prompt;      /* of the step before */
	struct buf reason;      /* what the provider says of the token */
	struct buf out, secret; /* wiped */
	size_t out_sent;
	struct reply_reader reader;
};

/* True if the mechanism is offered, allowed, and takes what we have. */
bool login_state_is_usable(const struct login *, enum login_mechanism);

#endif
