/*
 * Rates: at most n grants in any interval of a span, counted by the time of the
 * grant. Pure.
 */
#ifndef MAIL_SMTP_RATE_H
#define MAIL_SMTP_RATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"

#define RATE_SLICES 20

struct rate {
	long long n;
	int64_t span; /* ms, 20 at least */
};

/* Parse "14/s", "20/min", "1500/10s", "50000/d". SYSTEM. */
int rate_parse(struct rate *, struct str, struct fail *);

/* The number of the slice at a time in ms. */
int64_t rate_slice(const struct rate *, int64_t ms);

#endif
