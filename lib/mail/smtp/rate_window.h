/*
 * A rate that counts its grants in slices of span/20: the 21 slices that end
 * with the current one must hold fewer than n before another grant. Pure: the
 * caller stores the numbers.
 */
#ifndef MAIL_SMTP_RATE_WINDOW_H
#define MAIL_SMTP_RATE_WINDOW_H

#include <stdbool.h>

#include "mail/smtp/rate.h"

/* The grants of each slice from first on; first moves with time. */
struct rate_window {
	struct rate rate;
	int64_t first; /* slice number: time divided by the length of a slice */
	long long used[2 * RATE_SLICES];
};

/*
 * Start the window that ends now (ms), and add the stored grants of a slice,
 * which is not older. A slice behind latest comes from a clock that was ahead:
 * its grants count as made now.
 */
void rate_window_init(struct rate_window *, int64_t now);
void rate_window_add(
    struct rate_window *, int64_t slice, long long grants, int64_t latest);

/*
 * True if one more grant fits in the slice of this time; slices that are too
 * old for it are dropped. Else *retry is the time (ms) when the oldest slice
 * with grants leaves the window.
 */
bool rate_window_has_room(struct rate_window *, int64_t ms, int64_t *retry);

/* Count a grant at a time that has room. */
void rate_window_count(struct rate_window *, int64_t ms);

#endif
