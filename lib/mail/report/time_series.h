/*
 * Counts outcomes over time in at most TIME_SERIES_MAX intervals, whatever the
 * span: as it grows, neighbouring intervals are merged. The width is a usual
 * one (1 s ... 1 min, 5 min ... 1 day, 1 week), and intervals start at its
 * multiples.
 */
#ifndef MAIL_REPORT_TIME_SERIES_H
#define MAIL_REPORT_TIME_SERIES_H

#include <stdint.h>

#include "base/arena.h"
#include "mail/report/report.h"

#define TIME_SERIES_MAX 120

struct time_series;

struct time_series *time_series_new(void);
void time_series_free(struct time_series *);

/* at: ms since 1970, not negative; in any order. */
void time_series_add(struct time_series *, int64_t at, enum report_state);

/* The least width in ms that cuts a span of ms into at most so many parts. */
int64_t time_series_step(int64_t span, size_t parts);

/* After the last outcome; without any, the series has count 0. */
void time_series_finish(
    const struct time_series *, struct report_series *, struct arena *);

#endif
