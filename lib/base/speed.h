/*
 * How fast something goes on: its rate, the time left, a bar. The caller looks
 * at it again and again, and gives the time of each look.
 */
#ifndef BASE_SPEED_H
#define BASE_SPEED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

#define SPEED_WINDOW 10 /* looks that the present rate is computed from */

struct speed_look {
	int64_t at; /* ms, clock_mono_ms() */
	long long done;
};

/* Zeroed at first. */
struct speed {
	struct speed_look first, looks[SPEED_WINDOW]; /* a ring of the latest */
	size_t count;                                 /* looks so far */
};

void speed_add(struct speed *, int64_t at, long long done);

/* What the last look has seen; 0 before the first. */
long long speed_done(const struct speed *);

/* In a second, lately and since the first look; 0 if nobody knows. */
double speed_rate(const struct speed *);
double speed_mean(const struct speed *);

/* Append "12/s, mean 11/s"; "1:23" or "1:02:03". */
void speed_put_rates(struct buf *, const struct speed *);
void speed_put_time(struct buf *, double seconds);

/*
 * Append "[###   ] " for done of total, in the columns of a terminal that the
 * words leave, and some in any case. Returns the columns of the bar.
 */
size_t speed_put_bar(struct buf *, long long done, long long total,
    size_t width, size_t words, bool ascii);

#endif
