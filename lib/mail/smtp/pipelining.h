/*
 * How far a relay can be trusted with PIPELINING (RFC 2920). Some offer it and
 * drop what stands behind the dot of a message, or behind the first command of
 * a packet. So the first groups of a run are probes: one that stays without an
 * answer, or gets 503, is said again over a fresh connection, step by step.
 * Only a relay that then answers in time has shown that it was the pipelining.
 */
#ifndef MAIL_SMTP_PIPELINING_H
#define MAIL_SMTP_PIPELINING_H

#include <stdbool.h>
#include <stdint.h>

/* The commands that may go together, from most to least. */
enum pipelining_use {
	PIPELINING_FULL,     /* the next envelope with the dot */
	PIPELINING_ENVELOPE, /* MAIL, RCPT and DATA, after the dot's reply */
	PIPELINING_NONE,     /* one command at a time */
};

/* A group of MAIL, RCPT and DATA. */
enum pipelining_group {
	PIPELINING_NO_GROUP,
	PIPELINING_ALONE,  /* behind no dot */
	PIPELINING_BEHIND, /* sent with the dot of the message before */
};

/* Of one dialogue: what may be sent, and what has become of groups. */
struct pipelining_probe {
	enum pipelining_use use;
	enum pipelining_group proved, group, answered, refused;
};

/* Of one run; all its connections share it. */
struct pipelining {
	enum pipelining_use use;
	enum pipelining_group proved; /* the most that was answered */
	bool suspected; /* use went down, and nothing has confirmed it yet */
	bool confirmed; /* the relay is to blame; the caller resets it */
};

/* As remembered of an earlier run: then nothing is probed. */
struct pipelining pipelining_of(enum pipelining_use remembered);

/* Milliseconds to wait for a probe's reply; slowest: ms of one before login. */
int64_t pipelining_patience(int64_t slowest);

/*
 * A group was answered to its end; it stayed without an answer, got 503, or
 * ended the connection before the dot's reply. No effect for NO_GROUP.
 */
void pipelining_answered(struct pipelining *, enum pipelining_group);
void pipelining_failed(struct pipelining *, enum pipelining_group);

/* The group that failed was said step by step, and answered in time or not. */
void pipelining_compared(struct pipelining *, bool in_time);

#endif
