/*
 * What a run has read, by kind.
 */
#ifndef BOUNCE_BOUNCE_TELL_H
#define BOUNCE_BOUNCE_TELL_H

#include "mail/bounce/bounce_kind.h"

struct bounce_tell {
	long long messages;
	long long kinds[BOUNCE_COMPLAINT + 1];
};

/* "3 messages: 1 hard, 1 auto, 1 unrecognized", on stderr. */
void bounce_tell_counts(const struct bounce_tell *);

#endif
